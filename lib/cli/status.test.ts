import { expect, test } from 'vitest';
import type { IncidentView } from '@/lib/status/model/view';
import { Client } from './client';
import { EXIT } from './exit';
import { sit } from './testing/sit';

const incident: IncidentView = {
  ...{ id: 'inc_1', version: 1, title: 'Slow answers', impact: 'minor', state: 'identified', by: 'Grace', updates: [] },
  ...{ startedAt: '2026-11-27T10:00:00.000Z', resolvedAt: null, deployment: null },
  places: [{ targetId: 'tgt_1', component: 'Backend', environment: 'Production', label: 'eu', isPublic: true }],
};

/** A console that keeps what it is told. */
function console() {
  const client = new Client({ url: 'http://127.0.0.1:1', token: 'none' }, new AbortController().signal);
  const told: unknown[] = [];
  const answers: Record<string, unknown> = {
    '/incidents': { rows: [incident], nextCursor: 'older' },
    '/incidents older': { rows: [{ ...incident, id: 'inc_0', title: 'Older' }], nextCursor: null },
    '/status-page': { freezes: [{ id: 'frz_1', name: 'Holidays' }] },
  };
  client.get = async <T>(path: string, { cursor }: { cursor?: string } = {}) =>
    answers[cursor ? `${path} ${cursor}` : path] as T;
  client.change = async <T>(...change: unknown[]) => {
    told.push(change);
    return { incidentId: 'inc_1', maintenanceId: 'mnt_1', state: 'cancelled' } as T;
  };
  return { told, run: (name: string, ...args: string[]) => sit(name, args, client) };
}

test('an incident is told, moved on and resolved from a terminal', async () => {
  const { run, told } = console();
  const words = ['--title', 'Slow answers', '--text', 'We look.'];
  expect((await run('incident open', ...words, '--impact', 'major')).out).toContain('Told: inc_1');
  expect((await run('incident update', 'inc_1', '--state', 'monitoring', '--text', 'Mended.')).code).toBe(EXIT.ok);
  expect((await run('incident resolve', 'inc_1', '--text', 'Over.')).out).toContain('Resolved.');
  const about = { title: 'Slow answers', text: 'We look.', impact: 'major', state: 'investigating' };
  expect(told).toEqual([
    ['POST', '/incidents', { ...about, targetIds: [], deploymentId: null }],
    ['POST', '/incidents/inc_1/updates', { state: 'monitoring', text: 'Mended.' }],
    ['POST', '/incidents/inc_1/updates', { state: 'resolved', text: 'Over.' }],
  ]);
  const listed = (await run('incident list')).out;
  expect(listed).toContain('Backend (eu) in Production');
  // Page by page, to the oldest.
  expect(listed).toMatch(/inc_1[\s\S]*inc_0.*Older/);
});

test('maintenance is announced by its end or its hours, with a freeze by name, and called off', async () => {
  const { run, told } = console();
  const words = ['--title', 'Disk', '--text', 'A new one.', '--starts', '2030-01-01T10:00:00Z'];
  expect((await run('maintenance plan', ...words, '--hours', '2', '--freeze', 'Holidays')).out).toContain('mnt_1');
  expect(told).toMatchObject([
    ['POST', '/maintenances', { endsAt: '2030-01-01T12:00:00.000Z', freezeId: 'frz_1', targetIds: [] }],
  ]);
  expect((await run('maintenance end', 'mnt_1')).out).toContain('Called off.');
  for (const wrong of [[], ['--hours', '2', '--ends', '2030-01-01T12:00:00Z'], ['--hours', '2', '--freeze', 'None']])
    expect((await run('maintenance plan', ...words, ...wrong)).code).not.toBe(EXIT.ok);
  expect(told).toHaveLength(2);
});

test('words that there are not are refused before anything is sent', async () => {
  const { run, told } = console();
  const refused = await Promise.all([
    run('incident open', '--title', 'Slow', '--text', 'We look.', '--impact', 'huge'),
    run('incident update', 'inc_1', '--text', 'Mended.'),
    run('incident update', 'inc_1', '--state', 'over', '--text', 'Mended.'),
    run('incident resolve', '--text', 'Over.'),
  ]);
  expect(refused.every(({ code }) => code !== EXIT.ok)).toBe(true);
  expect(told).toEqual([]);
});
