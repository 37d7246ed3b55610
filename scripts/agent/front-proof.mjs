// How the agent knows that what answers visitors is its own front: a question that only the two of them can put and answer.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

export const HEADER = 'x-aetherstack-front';
const ASK_MS = 2_000;
const SAID = /^([0-9a-f]{32})\.([\w-]{0,60})\.([0-9a-f]{64})$/;

const sealed = (key, text) => createHmac('sha256', key).update(text).digest('hex');
function isSame(a, b) {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** `release`: empty for whichever is live. */
export function questionOf(key, release = '') {
  const nonce = randomBytes(16).toString('hex');
  return { nonce, text: `${nonce}.${release}.${sealed(key, `ask ${nonce} ${release}`)}` };
}

/** The release that is asked about, and the answer's header; null for anybody else's question. */
export function readQuestion(key, text) {
  const [, nonce, release, seal] = SAID.exec(text ?? '') ?? [];
  if (nonce === undefined || !isSame(seal, sealed(key, `ask ${nonce} ${release}`))) return null;
  return { release, answer: (live) => sealed(key, `is ${nonce} ${release || live}`) };
}

const LOOPBACK = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Whether the front answers for itself (without `release`), or this release answers the health address through it with a
 * status of 200 to 399. The proof is in the answer, so a certificate need not be trusted, unless it is to be (`trusted`).
 */
export function askFront({ host, port, tls }, key, { release = '', health, basePath = '', trusted = false }) {
  if (key === null) return Promise.resolve(false);
  const { nonce, text } = questionOf(key, release);
  const path = health.path === '/' && basePath ? basePath : health.path;
  const timeout = release ? health.timeoutMs : ASK_MS;
  const options = {
    ...{ host: LOOPBACK[host] ?? host, port, path, agent: false, rejectUnauthorized: trusted },
    headers: { [HEADER]: text, 'user-agent': 'aetherstack-agent' },
  };
  return new Promise((resolve) => {
    // A proxy that sends bytes and no end to a head is no answer either.
    const late = setTimeout(() => request.destroy(new Error('no answer')), timeout);
    const request = (tls ? https : http).get(options, (answer) => {
      const live = String(answer.headers[`${HEADER}-release`] ?? '');
      const proof = String(answer.headers[HEADER] ?? '');
      clearTimeout(late);
      answer.on('error', () => undefined);
      request.destroy();
      const isOurs = isSame(proof, sealed(key, `is ${nonce} ${release || live}`));
      resolve(isOurs && answer.statusCode >= 200 && answer.statusCode < 400);
    });
    request.on('error', () => {
      clearTimeout(late);
      resolve(false);
    });
  });
}
