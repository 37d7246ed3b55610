import { expect, test } from 'vitest';
import type { Client } from './client';
import { sit } from './testing/sit';

const frozen = { code: 'pinned_freeze', sentence: 'Frozen by Ana: a fair.' };

/** A console with one gallery of its own, in a freeze that the person may let one through; it remembers what it was sent. */
function consoleWith() {
  const sent: unknown[] = [];
  const place = { targetId: 'tgt_own', gallery: 'Private gallery', audience: 'own', cell: null };
  const api = {
    get: async () => ({ places: [{ ...place, closed: frozen, mayOverride: true }] }),
    change: async (_method: string, _path: string, body: object) => {
      sent.push(body);
      return { places: [{ place: 'Extension', outcome: 'created', number: 7, status: 'queued', sentence: null }] };
    },
  };
  return { api: api as unknown as Client, sent };
}

test('extension publish sends what was ticked and why it goes through a freeze, as deploy does', async () => {
  const { api, sent } = consoleWith();
  const said = ['--check', 'Backup taken', '--check', 'Support knows', '--override-freeze', 'Customers wait'];
  const sat = await sit('extension publish', ['abc', ...said], api);
  expect(sat, sat.err).toMatchObject({ code: 0, out: 'Extension: created as #7, queued\n' });
  expect(sent).toEqual([
    {
      ...{ targetIds: ['tgt_own'], reason: '', checklist: ['Backup taken', 'Support knows'] },
      freezeOverrideReason: 'Customers wait',
    },
  ]);
});

test('extension publish leaves out what is frozen where nobody says why it should go through', async () => {
  const { api, sent } = consoleWith();
  expect(await sit('extension publish', ['abc'], api)).toMatchObject({ code: 'usage' });
  expect(sent).toEqual([]);
  await sit('extension publish', ['abc', '--to', 'tgt_own'], api);
  expect(sent).toMatchObject([{ targetIds: ['tgt_own'], checklist: [], freezeOverrideReason: null }]);
});
