import { NextRequest } from 'next/server';
import { afterEach, expect, test, vi } from 'vitest';
import config from '../../next.config.mjs';
import { proxy } from '../../proxy.server';

afterEach(() => vi.unstubAllEnvs());

const HSTS = 'max-age=31536000; includeSubDomains';

test('pages promise https for a year once the address of the console is https, and not before', () => {
  const sent = (address: string) => {
    vi.stubEnv('NEXTAUTH_URL', address);
    return proxy(new NextRequest(`${address}/sign-in`)).headers.get('strict-transport-security');
  };
  expect(sent('https://deploy.team.dev')).toBe(HSTS);
  expect(sent('http://127.0.0.1:3000')).toBeNull();
});

test('so does everything else when the proxy in front says that the connection was https', async () => {
  const rules = (await config.headers?.()) ?? [];
  const rule = rules.find(({ headers }) => headers.some(({ key }) => key === 'Strict-Transport-Security'));
  expect(rule).toMatchObject({
    source: '/:path*',
    has: [{ type: 'header', key: 'x-forwarded-proto', value: 'https' }],
    headers: [{ value: HSTS }],
  });
});
