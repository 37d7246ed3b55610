import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { inbox, rateLimits } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeConnection } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { type HookSample, ProviderError } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { readRaw } from '@/lib/webhooks/read-raw';
import { receiveWebhook } from '@/lib/webhooks/receive';
import { runs } from './catalog';
import { cpuTime } from './cpu-time';
import { HOOKS } from './hooks';
import { bodiesOf, SECRETS, SIZES, signaturesOf } from './webhooks';

let database: Database;
const connectionIds = new Map<string, string>();
beforeAll(async () => {
  database = await openTestDatabase();
  for (const { id } of HOOKS)
    connectionIds.set(id, (await makeConnection(database.db, { name: id, providerId: id })).id);
});
afterAll(() => database.close());

test('every provider with webhooks brings a sample of them', () => {
  const withHooks = Object.values(providers).filter(({ methods }) => methods.webhooks);
  expect(HOOKS.map(({ id }) => id).sort()).toEqual(withHooks.map(({ manifest }) => manifest.id).sort());
  expect(HOOKS.length).toBeGreaterThan(0);
});

let serial = 0;
function headersFor(id: string, sample: HookSample, signature: string | null, over: Record<string, string> = {}) {
  const headers = new Headers({ ...sample.headers(`delivery-${++serial}`), ...over });
  const name = providers[id]?.manifest.capabilities.webhooks?.signatureHeader ?? '';
  if (signature !== null) headers.set(name, signature);
  return headers;
}

async function receive(id: string, raw: Uint8Array, headers: Headers, secrets: string[]) {
  await database.db.delete(rateLimits);
  // A vendor may name a delivery in its body, which is the same in several of these.
  await database.db.delete(inbox);
  const connectionId = connectionIds.get(id) ?? '';
  const held = secrets.length > 0 ? [{ connectionId, secrets: secrets.map((secret) => new Secret(secret)) }] : [];
  // What cannot be read is set aside as failed, for people to see; only what is taken will be worked on.
  const taken = () => database.db.$count(inbox, eq(inbox.state, 'received'));
  const before = await taken();
  const answer = await receiveWebhook(testContext(database.db), id, raw, headers, async () => held);
  return { ...answer, stored: (await taken()) - before };
}

describe.each(HOOKS)('D1: signatures of $id', ({ id, sample }) => {
  const raw = Buffer.from(JSON.stringify(sample.body));
  test.each(signaturesOf(sample))('$name: $status', async ({ header, secrets, status }) => {
    const answer = await receive(id, raw, headersFor(id, sample, header(raw)), secrets);
    expect(answer).toMatchObject({ status, stored: status === 202 ? 1 : 0 });
    for (const secret of Object.values(SECRETS)) expect(answer.note).not.toContain(secret);
  });
});

describe.each(HOOKS)('D2: bodies of $id', ({ id, sample }) => {
  test.each(bodiesOf(sample))('$name: $status', async ({ body, headers, status }) => {
    const raw = body();
    const worked = cpuTime();
    const signed = headersFor(id, sample, sample.sign(raw, SECRETS.now), headers);
    const answer = await receive(id, raw, signed, [SECRETS.now]);
    expect(answer).toMatchObject({ status, stored: status === 202 ? 1 : 0 });
    expect(worked()).toBeLessThan(5_000);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a body changed anywhere is a hint within its bounds, or is refused', { timeout: 120_000 }, () => {
    const parse = providers[id]?.methods.webhooks?.parse ?? (() => expect.fail('no webhooks'));
    const seeds = bodiesOf(sample).map(({ body }) => body());
    seeds.push(Buffer.from(JSON.stringify(sample.body)));
    const edit = fc.tuple(
      fc.nat(2_000),
      fc.nat(3),
      fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc
          .constantFrom('"', '{', '[', ':', ',', '\\u0000', '1e999', 'null', '__proto__')
          .map((each) => new Uint8Array(Buffer.from(each))),
      ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds.filter((raw) => raw.byteLength < 2_000)),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (seed, edits) => {
          let raw = seed;
          for (const [at, cut, put] of edits) {
            const from = at % (raw.byteLength + 1);
            raw = Buffer.concat([raw.subarray(0, from), put, raw.subarray(from + cut)]);
          }
          try {
            const hint = parse(raw, headersFor(id, sample, null));
            expect(hint.action?.length ?? 0).toBeLessThanOrEqual(100);
            expect(hint.repository?.length ?? 0).toBeLessThanOrEqual(200);
            expect(hint.remoteId ?? '1').toMatch(/^[\w.:-]{1,200}$/);
            expect(Object.values(hint).join('')).not.toContain('\0');
          } catch (error) {
            if (!(error instanceof ProviderError)) throw error;
          }
        },
      ),
      { numRuns: runs('D2') },
    );
  });
});

test.each(SIZES)('D2: %s is read or let go by its bytes', async (_what, bytes, length, fits) => {
  const parts = [new Uint8Array(bytes - 1), new Uint8Array(1)];
  const body = new ReadableStream({
    pull(controller) {
      const part = parts.shift();
      if (part) controller.enqueue(part);
      else controller.close();
    },
  });
  const headers = new Headers(length === null ? {} : { 'content-length': length });
  const request = { headers, body } as unknown as Request;
  expect((await readRaw(request, 1_000))?.byteLength ?? null).toBe(fits ? bytes : null);
});
