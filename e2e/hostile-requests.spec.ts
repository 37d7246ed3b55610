import { connect } from 'node:net';
import { FLOODS, type Flood } from '../lib/testing/bad-inputs/floods';
import { FRAMEWORK, type RawRequest } from '../lib/testing/bad-inputs/framework';
import { ORIGIN_REQUESTS } from '../lib/testing/bad-inputs/origins';
import { SESSION_COOKIES, SIGN_INS } from '../lib/testing/bad-inputs/sessions';
import { expect, STRANGER, test } from './fixtures';

test.use({ storageState: STRANGER });

interface Answer {
  status: number;
  head: string;
  text: string;
}

const consoleUrl = () => test.info().project.use.baseURL ?? '';

/** Byte for byte: no client in between mends the request. */
function send(base: string, { method = 'GET', target, headers = {}, body = '' }: RawRequest): Promise<Answer> {
  const { hostname, port, host } = new URL(base);
  const all = { host, connection: 'close', ...headers, ...(body ? { 'content-length': Buffer.byteLength(body) } : {}) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let said = '';
    socket.setTimeout(15_000, () => socket.destroy());
    socket.on('data', (part) => {
      said += part.toString('latin1');
      // An upgrade that was refused may leave the line open.
      if (/upgrade/i.test(String(all.connection))) socket.end();
    });
    let broken: NodeJS.ErrnoException | null = null;
    socket.on('error', (error) => {
      broken = error;
    });
    socket.on('close', () => {
      // Who is answered before all was sent finds the line closed; anything else is a failure.
      if (broken && !(said || ['EPIPE', 'ECONNRESET'].includes(broken.code ?? ''))) return reject(broken);
      const [head = '', ...rest] = said.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, text: rest.join('\r\n\r\n') });
    });
    socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  });
}

/** Nothing of the console, no failure of ours, and no way to another site. */
function expectClosed(answer: Answer, what: string, base: string, asked = ''): void {
  // 0 = the line was cut without a word, which is what an upgrade gets.
  expect(answer.status === 501 || answer.status < 500, `${what}: ${answer.status}`).toBe(true);
  expect(answer.text, what).not.toContain('quickDeploys');
  expect(answer.text, what).not.toContain('What is going on');
  expect(answer.text, what).not.toMatch(/at .+\.(?:js|ts):\d+/);
  const location = /^location: (.*)$/im.exec(answer.head)?.[1]?.trim();
  // A whole address in the request line is the caller's own word; its echo leads nobody else anywhere.
  if (location && location !== asked) expect(new URL(location, base).origin, what).toBe(new URL(base).origin);
}

test('D11: no way around or into the framework opens a page, fails or leads elsewhere', async () => {
  const baseURL = consoleUrl();
  for (const request of FRAMEWORK) expectClosed(await send(baseURL, request), request.name, baseURL, request.target);
});

/** The words that a row leaves open. */
function filled<T extends RawRequest>(row: T, words: Record<string, string>): T {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (all, word: string) => words[word] ?? all);
  const headers = Object.fromEntries(Object.entries(row.headers ?? {}).map(([key, text]) => [key, fill(text)]));
  return { ...row, target: fill(row.target), headers, ...(row.body ? { body: fill(row.body) } : {}) };
}

test('D15: what is no session is nobody, what is no sign-in makes none, and neither is ever a failure', async () => {
  const baseURL = consoleUrl();
  const words = { name: `aether-session-${new URL(baseURL).port}`, origin: new URL(baseURL).origin };
  for (const { name, headers } of SESSION_COOKIES) {
    const read = await send(baseURL, filled({ name, target: '/api/v1/now', headers }, words));
    expect([401, 431], `${name}: ${read.status}`).toContain(read.status);
    expectClosed(await send(baseURL, filled({ name, target: '/now', headers }, words)), name, baseURL);
  }
  for (const row of SIGN_INS) {
    const answer = await send(baseURL, filled(row, words));
    expectClosed(answer, row.name, baseURL);
    expect(answer.head, row.name).not.toMatch(/set-cookie: [^\n]*session[^\n;]*=[^\n;]{8}/i);
    expect(answer.text, row.name).not.toContain('<script>alert');
  }
});

test('D10: a mutation from elsewhere is refused, whichever way it is sent', async () => {
  const baseURL = consoleUrl();
  for (const { name, method, headers, body } of ORIGIN_REQUESTS) {
    for (const target of ['/sign-in', '/api/auth/signout']) {
      const answer = await send(baseURL, { name, method, target, headers, ...(body ? { body } : {}) });
      expectClosed(answer, `${name} to ${target}`, baseURL);
      expect(answer.head, name).not.toMatch(/set-cookie: [^\n]*session/i);
      if (target.startsWith('/api/') && method === 'POST') expect(answer.status, name).toBe(403);
    }
  }
});

/** Begins a request and never ends it; `close` takes the line away. */
function dawdle(base: string, { method = 'GET', target, slow }: Flood) {
  const { hostname, port, host } = new URL(base);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`${method} ${target} HTTP/1.1\r\nhost: ${host}\r\n`);
  if (slow === 'body') socket.write('content-length: 100000\r\n\r\nx');
  const beat = setInterval(() => socket.write(slow === 'body' ? 'x' : 'x-slow: x\r\n'), 200);
  return () => {
    clearInterval(beat);
    socket.destroy();
  };
}

test('D18: whoever uses up what there is gets little, and everybody else is answered meanwhile', async () => {
  const baseURL = consoleUrl();
  const origin = new URL(baseURL).origin;
  const slow = FLOODS.filter((row) => row.slow);
  const leave = slow.flatMap((row) => Array.from({ length: row.times }, () => dawdle(baseURL, row)));
  for (const row of FLOODS.filter((each) => !each.slow)) {
    const all = Array.from({ length: row.times }, (_, n) => send(baseURL, filled(row, { n: String(n), origin })));
    const others = await send(baseURL, { name: 'somebody else', target: '/api/health' });
    expect(others.status, `somebody else, during: ${row.name}`).toBe(200);
    for (const answer of await Promise.all(all)) {
      expect(row.answered, `${row.name}: ${answer.status}`).toContain(answer.status);
      expectClosed(answer, row.name, baseURL);
    }
  }
  for (const each of leave) each();
  expect((await send(baseURL, { name: 'afterwards', target: '/api/health' })).status).toBe(200);
});
