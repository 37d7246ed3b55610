import { expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { createRecord } from './announcements';
import { webOf } from './web';

it.each([
  ['https://api.github.com', 'https://github.com'],
  ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
  ['https://git.acme.example/api/v3', 'https://git.acme.example'],
  ['https://git.acme.example:8443', 'https://git.acme.example:8443'],
  ['https://api.acme.example/api/v3', 'https://api.acme.example'],
  ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
])('people look for what is at %s at %s', (origin, web) => {
  expect(webOf({ origin })).toBe(web);
});

it('a deployment’s record is shown where people look, whatever the address of the API is', async () => {
  const row = { id: 7, environment: 'eu / live', created_at: '2026-11-01T00:00:00Z' };
  const context = {
    connectionId: 'con_web',
    origin: 'https://git.acme.example/api/v3',
    credential: { kind: 'token', token: new Secret('token') },
    fetch: async () => Response.json(row, { status: 201 }),
    now: () => 0,
  } as const;
  const place = { owner: 'acme', repo: 'stack', repository: 'acme/stack', workflow: 'x.yml', defaultRef: 'main' };
  const words = { marker: 'm', title: '#1', description: 'Deployed' };
  const wanted = { ...words, sha: 'a'.repeat(40), environment: row.environment, isProduction: false };
  const record = await createRecord(context, place, wanted);
  expect(record.url).toBe('https://git.acme.example/acme/stack/deployments/eu%20%2F%20live');
});
