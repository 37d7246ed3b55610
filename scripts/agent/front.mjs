// What visitors reach: `front.mjs <app folder>`. A process of its own, so that an agent that dies or is replaced takes
// nothing off the air. For each request it looks where `current` leads, which one rename decides.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { followPair, readPair } from './certificates.mjs';
import { isUnclear, liveRelease, pass, portOf, say, upgrade, visitorOf } from './forward.mjs';
import { HEADER, readQuestion } from './front-proof.mjs';

/** At once: requests of everybody, requests (and connections) of one address, connections; milliseconds for an answer. */
export const FRONT_LIMITS = { requests: 2_000, perAddress: 200, connections: 4_000, answerMs: 60_000 };
const SLOW = { headersTimeout: 15_000, requestTimeout: 300_000 };
const FULL = 'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 2\r\n\r\n';

/** Counts what goes on, of everybody and of each address. */
class Tally {
  #each = new Map();
  #all = 0;

  constructor(most, mostEach) {
    this.most = most;
    this.mostEach = mostEach;
  }

  /** How to give the place back; null when there is none. */
  enter(who) {
    const count = who === null ? 0 : (this.#each.get(who) ?? 0);
    if (this.#all >= this.most || count >= this.mostEach) return null;
    this.#all++;
    if (who !== null) this.#each.set(who, count + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#all--;
      if (who === null) return;
      const left = this.#each.get(who) - 1;
      if (left > 0) this.#each.set(who, left);
      else this.#each.delete(who);
    };
  }
}

/** One network of IPv6 is one visitor: whoever has one address there has 2^64. */
export function groupOf(address) {
  if (!address?.includes(':') || address.includes('.')) return address;
  // The short form leaves groups out: `2001:db8::1` and `2001:db8::2` are one network.
  const [head = '', tail] = address.split('%')[0].split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const middle = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array(middle).fill('0'), ...right].slice(0, 4);
  return groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
}

/** An answer to the agent's own question; false for everybody else's requests. */
function answersAgent(home, key, secure, answerMs, request, response) {
  const text = request.headers[HEADER];
  const asked = key && text ? readQuestion(key, String(text)) : null;
  if (!asked) return false;
  const live = liveRelease(home) ?? '';
  const more = { [HEADER]: asked.answer(live), [`${HEADER}-release`]: live };
  if (asked.release) pass({ port: () => portOf(home, asked.release), secure, answerMs, more }, request, response);
  else response.writeHead(200, more).end();
  return true;
}

/**
 * `key`: what the agent's questions are sealed with; null where it asks none.
 * `followMs`: how often certificates are looked at.
 * @param {{ home: string, host: string, port: number, tls?: any, limits?: any, key?: string | null, followMs?: number }} settings
 */
export function startFront({ home, host, port, tls, limits, key = null, followMs }) {
  const { requests, perAddress, connections, answerMs } = { ...FRONT_LIMITS, ...limits };
  const secure = Boolean(tls);
  const way = { port: () => portOf(home), secure, answerMs, more: {} };
  const [going, connected] = [new Tally(requests, perAddress), new Tally(connections, perAddress)];
  const onRequest = (request, response) => {
    if (isUnclear(request)) return response.writeHead(400, { connection: 'close' }).end();
    if (answersAgent(home, key, secure, answerMs, request, response)) return;
    const leave = going.enter(groupOf(visitorOf(request)));
    if (!leave) return say(response, 503, 'Too much is asked at once. Try again in a moment.', { connection: 'close' });
    response.once('close', leave);
    pass(way, request, response);
  };
  const server = tls
    ? https.createServer({ ...SLOW, ...readPair(tls) }, onRequest)
    : http.createServer(SLOW, onRequest);
  if (tls) server.once('close', followPair(server, tls, {}, followMs));
  server.on('connection', (socket) => {
    // A proxy on this machine speaks for many.
    socket.on('error', () => undefined);
    const leave = connected.enter(groupOf(visitorOf({ socket })));
    if (!leave) return secure ? socket.destroy() : socket.end(FULL).destroySoon();
    socket.once('close', leave);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const leave = going.enter(groupOf(visitorOf(request)));
    if (!leave) return socket.end(FULL);
    socket.once('close', leave);
    upgrade(way, request, socket, head);
  });
  server.listen(port, host);
  return server;
}

if (process.argv[1] === (import.meta.filename ?? new URL(import.meta.url).pathname)) {
  const home = process.argv[2];
  const settings = JSON.parse(readFileSync(path.join(home, 'run', 'front.json'), 'utf8'));
  const server = startFront({ home, ...settings });
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
