import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseFailpoints } from './failpoint';

/** A process of its own that passes one point three times; what it printed and how it ended. */
function passThreeTimes(env: Record<string, string>) {
  const code = `import { failpoint } from ${JSON.stringify(new URL('./failpoint.ts', import.meta.url).href)};
    for (const n of [1, 2, 3]) { await failpoint('after-response'); process.stdout.write(String(n)); }`;
  const args = ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', code];
  const ended = spawnSync(process.execPath, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  return { out: ended.stdout, signal: ended.signal, err: ended.stderr };
}

const sandbox = { AETHERSTACK_MODE: 'sandbox' };

describe('failpoint', () => {
  test('kills the process on the pass that was asked for', () => {
    const ended = passThreeTimes({ ...sandbox, AETHERSTACK_FAILPOINTS: 'after-response=kill@2' });
    expect(ended).toMatchObject({ out: '1', signal: 'SIGKILL' });
  });

  test('throws on the first pass when no number is given', () => {
    const ended = passThreeTimes({ ...sandbox, AETHERSTACK_FAILPOINTS: 'after-response=throw' });
    expect(ended.out).toBe('');
    expect(ended.err).toContain('Failpoint after-response was reached.');
  });

  test.each([
    ['nothing is armed', sandbox],
    ['another point is armed', { ...sandbox, AETHERSTACK_FAILPOINTS: 'during-adopt=kill' }],
    ['the providers are real', { AETHERSTACK_MODE: 'live', AETHERSTACK_FAILPOINTS: 'after-response=kill' }],
  ])('does nothing when %s', (_, env) => {
    expect(passThreeTimes(env)).toMatchObject({ out: '123', signal: null });
  });

  test('a typing error in the plan is said, not ignored', () => {
    expect(() => parseFailpoints('after-respons=kill')).toThrow(/after-respons=kill.*after-response/);
    expect(() => parseFailpoints('after-response=explode')).toThrow(/explode/);
  });
});
