import type { NextConfig } from 'next';
import { NextRequest } from 'next/server';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllEnvs());

let copies = 0;
/** A copy of its own, which reads the environment of now: both read it once, as they are loaded. */
const loaded = (file: string) => import(/* @vite-ignore */ `${file}?copy=${++copies}`);

async function configOn(env: Record<string, string>): Promise<NextConfig> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return (await loaded('../../next.config.mjs')).default;
}

test('on Vercel the build of the console makes no page ahead, and its documents go with it; elsewhere, and as files, it does', async () => {
  const there = await configOn({ VERCEL: '1', AETHERSTACK_RENDERING: '' });
  expect(there.env?.AETHERSTACK_BUILT_IN).toBe('');
  expect(there.outputFileTracingIncludes?.['/docs/*']).toContain('./docs/**/*.md');
  expect(there.outputFileTracingExcludes?.['/*']).not.toContain('docs/**/*');
  expect((await configOn({ VERCEL: '1', AETHERSTACK_RENDERING: 'ssg' })).env?.AETHERSTACK_BUILT_IN).not.toBe('');
  const elsewhere = await configOn({ VERCEL: '', AETHERSTACK_RENDERING: '' });
  expect(elsewhere.env?.AETHERSTACK_BUILT_IN).not.toBe('');
  expect(elsewhere.outputFileTracingExcludes?.['/*']).toContain('docs/**/*');
});

test('where no page was made ahead, the scripts of every public page run by the nonce of its request', async () => {
  vi.stubEnv('AETHERSTACK_BUILT_IN', '');
  const { proxy } = await loaded('../../proxy.server.ts');
  const policyOf = (path: string) =>
    proxy(new NextRequest(`https://deploy.team.dev${path}`)).headers.get('content-security-policy');
  for (const path of ['/', '/docs', '/docs/api']) expect(policyOf(path)).toMatch(/script-src 'nonce-[\w+/=]{20,}'/);
  expect(policyOf('/')).not.toBe(policyOf('/'));
});
