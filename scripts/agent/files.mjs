// Serves a static export: GET and HEAD, correct types, nothing outside the folder.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
};

function sizeOf(file) {
  try {
    const found = statSync(file);
    return found.isFile() ? found : null;
  } catch {
    return null;
  }
}

/** The file that a path of the site means; null when there is none, or when it leads out or to a hidden file. */
export function fileFor(folder, basePath, pathname) {
  let decoded;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (/[\0\\]/.test(decoded)) return null;
  if (basePath && decoded !== basePath && !decoded.startsWith(`${basePath}/`)) return null;
  const parts = decoded.slice(basePath.length).split('/').filter(Boolean);
  if (parts.some((part) => part === '..' || (part.startsWith('.') && part !== '.well-known'))) return null;
  const place = path.join(folder, ...parts);
  const asked = decoded.endsWith('/') ? [] : [place, `${place}.html`];
  for (const file of [...asked, path.join(place, 'index.html'), `${place}.html`]) {
    const found = sizeOf(file);
    if (found && file.startsWith(`${folder}${path.sep}`)) return { file, size: found.size, at: found.mtimeMs };
  }
  return null;
}

function answer(request, response, { folder, basePath }) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const [pathname] = (request.url ?? '/').split('?');
  const found = fileFor(folder, basePath, pathname);
  const shown = found ?? fileFor(folder, '', '/404.html');
  if (!shown) {
    response.writeHead(404, { 'content-type': TYPES['.txt'] }).end('There is no such page.\n');
    return;
  }
  const tag = `"${shown.size.toString(36)}-${Math.trunc(shown.at).toString(36)}"`;
  const headers = {
    'content-type': TYPES[path.extname(shown.file).toLowerCase()] ?? 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'cache-control': pathname.includes('/_next/static/') && found ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: tag,
  };
  if (found && request.headers['if-none-match'] === tag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(found ? 200 : 404, { ...headers, 'content-length': shown.size });
  if (request.method === 'HEAD') response.end();
  else pipeline(createReadStream(shown.file), response, () => undefined);
}

export function serveFiles({ folder, basePath, port }) {
  const server = createServer((request, response) => {
    try {
      answer(request, response, { folder, basePath });
    } catch {
      // No request ends the server.
      if (response.headersSent) response.destroy();
      else response.writeHead(400, { connection: 'close' }).end();
    }
  });
  server.listen(port, '127.0.0.1');
  process.on('SIGTERM', () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
  return server;
}
