import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { selfSigned } from '@/lib/http/testing/certificate';

/** `tls`: every other handshake is cut, the others meet a certificate that nobody trusts. */
export type Outage = 'none' | 'refuse' | 'hang' | '503' | 'tls';

export interface SeenRequest {
  at: number;
  method: string;
  path: string;
  body: string;
  outage: Outage;
}

export interface ProviderGate {
  url: string;
  /** Everything that a client sent here, also what was not let through. */
  seen: SeenRequest[];
  /** Handshakes that were spoilt. */
  spoilt(): number;
  set(outage: Outage): void;
  close(): Promise<void>;
}

export interface GateOptions {
  /** Speaks TLS, with this certificate; whoever is to get through has to trust it. */
  tls?: { cert: string; key: string } | null;
  /** Only requests with this token are counted and stopped; others get through, as if they went to another provider. */
  stops?: string;
}

const HOST = 'localhost';
export const gateCertificate = () => selfSigned(HOST);

/** In front of the simulated provider: counts what is sent and takes the provider away. */
export async function providerGate(sandboxUrl: string, { tls, stops }: GateOptions = {}): Promise<ProviderGate> {
  const { port } = new URL(sandboxUrl);
  const seen: SeenRequest[] = [];
  let outage: Outage = 'none';
  let handshakes = 0;
  const hanging = new Set<http.ServerResponse>();
  const untrusted = tls ? gateCertificate() : null;
  const server = serverOf(tls ?? null, (request, body, response) => {
    if (stops && !request.headers.authorization?.endsWith(` ${stops}`)) return forward(port, request, body, response);
    const { method = '', url: path = '' } = request;
    seen.push({ at: Date.now(), method, path, body: method === 'GET' ? '' : body.toString(), outage });
    if (outage === 'refuse') return request.socket.destroy();
    if (outage === 'hang') return hanging.add(response);
    if (outage === '503') return response.writeHead(503, { 'content-type': 'text/html' }).end('<html>Unicorn!</html>');
    forward(port, request, body, response);
  });
  server.on('connection', (socket: Socket) => {
    if (outage !== 'tls') return;
    handshakes += 1;
    if (handshakes % 2 === 0) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `${tls ? `https://${HOST}` : 'http://127.0.0.1'}:${typeof address === 'object' && address ? address.port : 0}`,
    seen,
    spoilt: () => handshakes,
    set: (next) => {
      outage = next;
      if (server instanceof https.Server && tls && untrusted) {
        server.setSecureContext(next === 'tls' ? untrusted : tls);
        // A connection that stands already would be none the wiser.
        if (next === 'tls') server.closeAllConnections();
      }
      for (const each of hanging) each.destroy();
      hanging.clear();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Handle = (request: http.IncomingMessage, body: Buffer, response: http.ServerResponse) => unknown;

/** A server that hands on whole requests. */
function serverOf(tls: NonNullable<GateOptions['tls']> | null, handle: Handle): http.Server | https.Server {
  const listener: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void handle(request, Buffer.concat(chunks), response));
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.on('tlsClientError', () => {});
  // As large providers do: a connection outlives a process that stands still for a minute.
  server.keepAliveTimeout = 180_000;
  return server;
}

function forward(port: string, request: http.IncomingMessage, body: Buffer, response: http.ServerResponse): void {
  const { method, url, headers } = request;
  const onward = http.request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    // A cut answer must reach the client as one.
    answer.on('error', () => response.destroy());
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  onward.end(body);
}
