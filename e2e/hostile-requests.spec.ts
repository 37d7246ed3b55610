import { connect } from 'node:net';
import { FRAMEWORK, type RawRequest, SESSION_COOKIES } from '../lib/testing/bad-inputs/framework';
import { ORIGIN_REQUESTS } from '../lib/testing/bad-inputs/origins';
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
    socket.on('error', reject);
    socket.on('close', () => {
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

test('D15: what is no session is nobody, and never a failure', async () => {
  const baseURL = consoleUrl();
  const cookie = `aether-session-${new URL(baseURL).port}`;
  for (const { name, headers } of SESSION_COOKIES) {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([key, text]) => [key, text.replaceAll('{name}', cookie)]),
    );
    const read = await send(baseURL, { name, target: '/api/v1/now', headers: filled });
    expect([401, 431], `${name}: ${read.status}`).toContain(read.status);
    expectClosed(await send(baseURL, { name, target: '/now', headers: filled }), name, baseURL);
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

test('D18: eleven live views, huge pages and a flood of new addresses are turned away', async () => {
  const baseURL = consoleUrl();
  for (const target of [
    '/api/v1/deployments?limit=1000000',
    '/api/v1/audit?limit=1e9',
    `/api/v1/deployments?cursor=${'x'.repeat(4_000)}`,
  ])
    expectClosed(await send(baseURL, { name: target, target }), target, baseURL);
  const flood = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      send(baseURL, { name: 'flood', target: `/nothing-${at}?${'q='.repeat(50)}${at}` }),
    ),
  );
  expect(flood.every(({ status }) => status === 404)).toBe(true);
  expect((await send(baseURL, { name: 'after the flood', target: '/api/health' })).status).toBe(200);
});
