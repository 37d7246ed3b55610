import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain',
  '.woff2': 'font/woff2',
};

export interface FileServer {
  /** With the base path, without a slash at the end. */
  url: string;
  /** What status.json says; null: it is not there. */
  say(status: object | null): void;
  close(): Promise<void>;
}

/** As dull as a file server can be: it sends files, index.html for folders, 404.html for the rest, and no header of ours. */
export async function serveFiles(folder: string, basePath: string): Promise<FileServer> {
  let said: object | null = null;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    if (pathname === `${basePath}/status.json` && said) return send(response, 200, '.json', JSON.stringify(said));
    const found = pathname.startsWith(`${basePath}/`)
      ? fileFor(folder, decodeURI(pathname.slice(basePath.length)))
      : null;
    return sendFile(response, found ? 200 : 404, found ?? path.join(folder, '404.html'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`,
    say: (status) => {
      said = status;
    },
    close: () => closed(server),
  };
}

function fileFor(folder: string, pathname: string): string | null {
  const file = path.join(folder, path.normalize(pathname));
  if (!file.startsWith(folder) || !existsSync(file)) return null;
  if (statSync(file).isFile()) return file;
  const index = path.join(file, 'index.html');
  return existsSync(index) ? index : null;
}

function sendFile(response: ServerResponse, status: number, file: string): void {
  response.writeHead(status, { 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': TYPES[type], 'Cache-Control': 'no-store' });
  response.end(body);
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
