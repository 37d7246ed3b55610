// What visitors reach: `front.mjs <app folder> <host> <port> [<cert> <key>]`. A process of its own, so that an agent that
// dies or is replaced takes nothing off the air. For each request it looks where `current` leads, which one rename decides.
import { readFileSync, readlinkSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';

const CONNECT_TRIES = 60;
const WAIT_MS = 50;
/** RFC 9110 §7.6.1: these are about one connection. */
const HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const keepAlive = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** The port of the release that is live; null when there is none. */
export function livePort(home) {
  try {
    const release = path.basename(readlinkSync(path.join(home, 'current')));
    return JSON.parse(readFileSync(path.join(home, 'run', `${release}.json`), 'utf8')).port;
  } catch {
    return null;
  }
}

/** A proxy on this machine is believed about who asks; nobody else is. */
function forwarded({ socket, headers, secure }) {
  const from = socket.remoteAddress ?? '';
  const isProxy = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(from);
  const chain = isProxy ? headers['x-forwarded-for'] : undefined;
  return {
    'x-forwarded-for': chain ? `${chain}, ${from}` : from,
    'x-forwarded-proto': (isProxy && headers['x-forwarded-proto']) || (secure ? 'https' : 'http'),
    'x-forwarded-host': (isProxy && headers['x-forwarded-host']) || headers.host || '',
  };
}

function onward(request, secure) {
  const dropped = new Set(
    String(request.headers.connection ?? '')
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  const kept = Object.entries(request.headers).filter(
    ([name]) => !HOP.has(name) && !dropped.has(name) && !name.startsWith('x-forwarded-') && name !== 'forwarded',
  );
  return { ...Object.fromEntries(kept), ...forwarded({ socket: request.socket, headers: request.headers, secure }) };
}

function unreachable(response) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(502, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '2',
  });
  response.end('The application is not running at the moment.\n');
}

/** A connection that was refused sent nothing, so it may be tried again: the release is just being started. */
function pass(home, secure, request, response, tries = 0) {
  const again = () => setTimeout(() => pass(home, secure, request, response, tries + 1), WAIT_MS);
  const port = livePort(home);
  if (port === null) {
    if (tries < CONNECT_TRIES) again();
    else unreachable(response);
    return;
  }
  const { method, url: target } = request;
  const outward = http.request({
    host: '127.0.0.1',
    port,
    method,
    path: target,
    headers: onward(request, secure),
    agent: keepAlive,
  });
  outward.on('response', (answer) => {
    const kept = Object.entries(answer.headers).filter(([name]) => !HOP.has(name));
    response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  outward.on('error', (error) => {
    if (error.code === 'ECONNREFUSED' && tries < CONNECT_TRIES && !response.destroyed) {
      request.unpipe(outward);
      again();
    } else unreachable(response);
  });
  response.on('close', () => outward.destroy());
  outward.on('socket', (socket) => {
    // The body goes out only over a connection that stands, or it could not be sent again.
    if (socket.connecting) socket.once('connect', () => request.pipe(outward));
    else request.pipe(outward);
  });
}

/** WebSockets and their like: two pipes. */
function upgrade(home, secure, request, socket, head) {
  const port = livePort(home);
  const outward = port === null ? null : net.connect(port, '127.0.0.1');
  const end = () => {
    socket.destroy();
    outward?.destroy();
  };
  socket.on('error', end);
  if (!outward) return end();
  outward.on('error', end);
  outward.on('connect', () => {
    const headers = { ...onward(request, secure), connection: 'Upgrade', upgrade: request.headers.upgrade };
    const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
    outward.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    if (head.length > 0) outward.write(head);
    socket.pipe(outward).pipe(socket);
  });
}

export function startFront({ home, host, port, tls }) {
  const secure = Boolean(tls);
  const onRequest = (request, response) => pass(home, secure, request, response);
  const server = tls
    ? https.createServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, onRequest)
    : http.createServer(onRequest);
  server.on('upgrade', (request, socket, head) => upgrade(home, secure, request, socket, head));
  server.listen(port, host);
  return server;
}

if (process.argv[1] === (import.meta.filename ?? new URL(import.meta.url).pathname)) {
  const [, , home, host, port, cert, key] = process.argv;
  const server = startFront({ home, host, port: Number(port), tls: cert ? { cert, key } : null });
  const end = () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), 10_000).unref();
  };
  process.on('SIGTERM', end);
  server.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
}
