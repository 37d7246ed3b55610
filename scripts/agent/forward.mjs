// One request on its way to a release, and its answer back.
import { readFileSync, readlinkSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { HEADER } from './front-proof.mjs';

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
const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/** The release that is live; null when there is none. */
export function liveRelease(home) {
  try {
    return path.basename(readlinkSync(path.join(home, 'current')));
  } catch {
    return null;
  }
}

/** The port of a release, of the live one unless said otherwise; null when there is none. */
export function portOf(home, release = liveRelease(home)) {
  try {
    return JSON.parse(readFileSync(path.join(home, 'run', `${release}.json`), 'utf8')).port;
  } catch {
    return null;
  }
}

/** Who asks; null where a proxy on this machine does not say for whom. Nobody else is believed about it. */
export function visitorOf({ socket, headers }) {
  const from = socket.remoteAddress ?? '';
  if (!LOOPBACK.includes(from)) return from;
  return (
    String(headers?.['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      .trim() || null
  );
}

function forwarded({ socket, headers, secure }) {
  const from = socket.remoteAddress ?? '';
  const isProxy = LOOPBACK.includes(from);
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
      name !== 'forwarded' &&
      name !== HEADER,
  );
  // Node would send a body after GET without any framing, and it would be read as the next request.
  const framing = isChunked(request) ? { 'transfer-encoding': 'chunked' } : {};
  const about = forwarded({ socket: request.socket, headers: request.headers, secure });
  return { ...Object.fromEntries(kept), ...framing, ...about };
}

const isChunked = ({ headers }) => headers['transfer-encoding'] !== undefined;

/** A body whose length is told in a way that the release may read otherwise. */
export const isUnclear = ({ headers }) =>
  isChunked({ headers }) &&
  (headers['transfer-encoding'].trim().toLowerCase() !== 'chunked' || headers['content-length'] !== undefined);

/** A short answer of the front itself. */
export function say(response, status, sentence, more = {}) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    ...{ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'retry-after': '2' },
    ...more,
  });
  response.end(`${sentence}\n`);
}

const unreachable = (response) => say(response, 502, 'The application is not running at the moment.');

const withoutHop = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.has(name)));

/**
 * `way`: `port()` of now, `secure`, `answerMs` until the head of the answer once the request is whole, `more` headers of it.
 * A connection that was refused sent nothing, so it may be tried again: the release is just being started.
 */
export function pass(way, request, response, tries = 0) {
  if (response.destroyed) return;
  const again = () => setTimeout(() => pass(way, request, response, tries + 1), WAIT_MS);
  const port = way.port();
  if (port === null) {
    if (tries < CONNECT_TRIES) again();
    else unreachable(response);
    return;
  }
  const { method, url: target } = request;
  const headers = onward(request, way.secure);
  const outward = http.request({ host: '127.0.0.1', port, method, path: target, headers, agent: keepAlive });
  let late = null;
  outward.on('response', (answer) => {
    clearTimeout(late);
    response.writeHead(answer.statusCode ?? 502, { ...withoutHop(answer.headers), ...way.more });
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  outward.on('error', (error) => {
    clearTimeout(late);
    if (error.code === 'ECONNREFUSED' && tries < CONNECT_TRIES && !response.destroyed) {
      request.unpipe(outward);
      again();
    } else unreachable(response);
  });
  const gone = () => {
    clearTimeout(late);
    outward.destroy();
  };
  response.on('close', gone);
  // Each try has its own; a release that is slow to start would leave twenty behind.
  outward.once('close', () => response.off('close', gone));
  const expire = () => {
    say(response, 504, 'The application did not answer in time.', { connection: 'close' });
    outward.destroy();
  };
  const send = () => {
    // A body that is slow to come has its own limit, of the server.
    request.once('end', () => {
      if (!response.headersSent) late = setTimeout(expire, way.answerMs);
    });
    request.pipe(outward);
  };
  outward.on('socket', (socket) => {
    // The body goes out only over a connection that stands, or it could not be sent again.
    if (socket.connecting) socket.once('connect', send);
    else send();
  });
}

const headOf = (answer, more = []) =>
  `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage ?? ''}\r\n${[...Object.entries(answer.headers), ...more]
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`))
    .join('')}\r\n`;

/** WebSockets and their like: two pipes, once the release agreed. Until then nothing that follows is sent on. */
export function upgrade(way, request, socket, head) {
  const port = way.port();
  if (port === null) return socket.destroy();
  if (isChunked(request) || (request.headers['content-length'] ?? '0') !== '0')
    return socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  const headers = { ...onward(request, way.secure), connection: 'Upgrade', upgrade: request.headers.upgrade };
  const { method, url: target } = request;
  const outward = http.request({ host: '127.0.0.1', port, method, path: target, headers, agent: false });
  const late = setTimeout(() => socket.destroy(), way.answerMs);
  outward.on('error', () => socket.destroy());
  socket.on('close', () => {
    clearTimeout(late);
    outward.destroy();
  });
  outward.on('upgrade', (answer, far, first) => {
    clearTimeout(late);
    far.on('error', () => socket.destroy());
    far.on('close', () => socket.destroy());
    socket.on('close', () => far.destroy());
    socket.write(headOf(answer));
    if (first.length > 0) socket.write(first);
    if (head.length > 0) far.write(head);
    socket.pipe(far).pipe(socket);
  });
  outward.on('response', (answer) => {
    clearTimeout(late);
    answer.headers = withoutHop(answer.headers);
    socket.write(headOf(answer, [['connection', 'close']]));
    answer.on('error', () => socket.destroy());
    answer.pipe(socket);
  });
  outward.end();
}
