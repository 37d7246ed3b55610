// What visitors reach: `front.mjs <app folder> <host> <port> [<cert> <key>]`. A process of its own, so that an agent that
// dies or is replaced takes nothing off the air. For each request it looks where `current` leads, which one rename decides.
import { readFileSync, readlinkSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
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
const keepAlive = new http.Agent({ keepAlive: true });
/** How long a body is decides where the next request begins: nobody may have that dropped. */
const FRAMING = new Set(['content-length', 'host']);

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
    ([name]) =>
      !HOP.has(name) &&
      (!dropped.has(name) || FRAMING.has(name)) &&
      !name.startsWith('x-forwarded-') &&
      name !== 'forwarded',
  );
  // Node would send a body after GET without any framing, and it would be read as the next request.
  const framing = isChunked(request) ? { 'transfer-encoding': 'chunked' } : {};
  const about = forwarded({ socket: request.socket, headers: request.headers, secure });
  return { ...Object.fromEntries(kept), ...framing, ...about };
}

const isChunked = ({ headers }) => headers['transfer-encoding'] !== undefined;

/** A body whose length is told in a way that the release may read otherwise. */
const isUnclear = ({ headers }) =>
  isChunked({ headers }) &&
  (headers['transfer-encoding'].trim().toLowerCase() !== 'chunked' || headers['content-length'] !== undefined);

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

const headOf = (answer, more = []) =>
  `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage ?? ''}\r\n${[...Object.entries(answer.headers), ...more]
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`))
    .join('')}\r\n`;

/** WebSockets and their like: two pipes, once the release agreed. Until then nothing that follows is sent on. */
function upgrade(home, secure, request, socket, head) {
  const port = livePort(home);
  socket.on('error', () => socket.destroy());
  if (port === null) return socket.destroy();
  if (isChunked(request) || (request.headers['content-length'] ?? '0') !== '0')
    return socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  const headers = { ...onward(request, secure), connection: 'Upgrade', upgrade: request.headers.upgrade };
  const { method, url: target } = request;
  const outward = http.request({ host: '127.0.0.1', port, method, path: target, headers, agent: false });
  outward.on('error', () => socket.destroy());
  socket.on('close', () => outward.destroy());
  outward.on('upgrade', (answer, far, first) => {
    far.on('error', () => socket.destroy());
    far.on('close', () => socket.destroy());
    socket.on('close', () => far.destroy());
    socket.write(headOf(answer));
    if (first.length > 0) socket.write(first);
    if (head.length > 0) far.write(head);
    socket.pipe(far).pipe(socket);
  });
  outward.on('response', (answer) => {
    answer.headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !HOP.has(name)));
    socket.write(headOf(answer, [['connection', 'close']]));
    answer.on('error', () => socket.destroy());
    answer.pipe(socket);
  });
  outward.end();
}

export function startFront({ home, host, port, tls }) {
  const secure = Boolean(tls);
  const onRequest = (request, response) => {
    if (isUnclear(request)) response.writeHead(400, { connection: 'close' }).end();
    else pass(home, secure, request, response);
  };
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
