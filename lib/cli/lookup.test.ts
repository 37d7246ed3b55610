import { expect, test } from 'vitest';
import type { Client } from './client.ts';
import { targetOf } from './lookup.ts';

const cell = (label: string) => ({ targetId: `tgt_${label || 'plain'}`, environmentSlug: 'live', label });
const rows = [{ component: { slug: 'ext' }, cells: { live: [cell(''), cell('Open shop')] } }];
const client = { get: async () => ({ rows }) } as unknown as Client;

test('of several targets each can be named as the refusal names it, the one without a label too', async () => {
  const refusal = targetOf(client, 'ext/live');
  await expect(refusal).rejects.toThrow('ext/live:, ext/live:Open shop');
  expect((await targetOf(client, 'ext/live:')).targetId).toBe('tgt_plain');
  expect((await targetOf(client, 'ext/live:Open shop')).targetId).toBe('tgt_Open shop');
});
