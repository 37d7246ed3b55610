import { expect, test } from 'vitest';
import type { RunWait } from '@/lib/providers/port';
import { burnedHead, waitReasons } from './reasons';

const runner = (online: boolean, busy = false, labels = ['self-hosted', 'Linux', 'release']) => ({
  ...{ name: 'one', os: 'Linux', online, busy, labels },
});
const labels = ['self-hosted', 'linux', 'release'];
const say = (wait: Partial<RunWait>) =>
  waitReasons({ labels: [], runners: null, groups: [], ...wait }, 'GitHub Actions').map(({ sentence }) => sentence);

test('a run that waits says for whom: runners by their labels, or the run before it', () => {
  const of = (list: ReturnType<typeof runner>[]) => say({ labels, runners: { list, total: list.length } })[0];
  expect(of([runner(false), runner(false)])).toBe(
    'It waits for a runner with the labels self-hosted, linux, release: 0 of 2 online. Start one of them.',
  );
  expect(of([runner(true, true), runner(true, true)])).toContain('2 of 2 online, all busy.');
  expect(of([runner(true, true), runner(true)])).toContain('2 of 2 online, 1 busy.');
  expect(of([runner(true, false, ['self-hosted'])])).toContain('none of the repository’s runners has them all');
  expect(say({ labels, runners: { refused: 'Ask an administrator.' } })[0]).toContain('Ask an administrator.');
  expect(say({ labels: ['ubuntu-latest'] })).toEqual([
    'It waits for one of GitHub Actions’s own runners (ubuntu-latest).',
  ]);
  const ahead = [{ id: '12', title: 'Deploy', url: 'https://x.example/12', running: true }];
  expect(say({ groups: [{ name: 'docs', ahead }] })).toEqual([
    'It waits for “Deploy”, which has the concurrency group “docs”.',
  ]);
  expect(say({})).toEqual([]);
});

test('a head is burned only by an end that the provider keeps', () => {
  const at = { ref: 'main', refKind: 'branch' } as const;
  const site = { word: 'GitHub Pages', once: true };
  const kept = (state: 'cancelled' | 'failed' | 'live' | 'going' | 'unrecognised') => ({
    ...{ id: 'abcdef1234', state, rawState: 'deployment_cancelled' },
  });
  expect(burnedHead(kept('cancelled'), site, at)).toMatchObject({ sha: 'abcdef1234', branch: 'main' });
  expect(burnedHead(kept('failed'), site, { ref: 'v1', refKind: 'tag' })).toMatchObject({ branch: null });
  expect(burnedHead(kept('cancelled'), site, at)?.sentence, 'certain').toContain('ends the same way');
  expect(burnedHead(kept('failed'), site, at)?.sentence, 'not certain').toContain('may end the same way');
  for (const state of ['live', 'going', 'unrecognised'] as const) expect(burnedHead(kept(state), site, at)).toBeNull();
  expect(burnedHead(null, site, at)).toBeNull();
  expect(burnedHead(kept('cancelled'), { ...site, once: false }, at)).toBeNull();
});
