import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { inbox, rateLimits } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeConnection } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { parse } from '@/lib/providers/github/webhook';
import { ProviderError } from '@/lib/providers/port';
import { readRaw } from '@/lib/webhooks/read-raw';
import { receiveWebhook } from '@/lib/webhooks/receive';
import { runs } from './catalog';
import { cpuTime } from './cpu-time';
import { BODIES, run, SECRETS, SIGNATURES, SIZES, sign } from './webhooks';

let database: Database;
let connectionId = '';
beforeAll(async () => {
  database = await openTestDatabase();
  connectionId = (await makeConnection(database.db, { providerId: 'github' })).id;
});
afterAll(() => database.close());

let serial = 0;
function headersFor(signature: string | null, over: Record<string, string> = {}): Headers {
  const headers = new Headers({
    'x-github-event': 'workflow_run',
    'x-github-delivery': `delivery-${++serial}`,
    'content-type': 'application/json',
    ...over,
  });
  if (signature !== null) headers.set('x-hub-signature-256', signature);
  return headers;
}

async function receive(raw: Uint8Array, headers: Headers, secrets: string[]) {
  await database.db.delete(rateLimits);
  const held = secrets.length > 0 ? [{ connectionId, secrets: secrets.map((secret) => new Secret(secret)) }] : [];
  // What cannot be read is set aside as failed, for people to see; only what is taken will be worked on.
  const taken = () => database.db.$count(inbox, eq(inbox.state, 'received'));
  const before = await taken();
  const answer = await receiveWebhook(testContext(database.db), 'github', raw, headers, async () => held);
  return { ...answer, stored: (await taken()) - before };
}

describe('D1: signatures', () => {
  const raw = Buffer.from(JSON.stringify(run()));
  test.each(SIGNATURES)('$name: $status', async ({ header, secrets, status }) => {
    const answer = await receive(raw, headersFor(header(raw)), secrets);
    expect(answer).toMatchObject({ status, stored: status === 202 ? 1 : 0 });
    for (const secret of Object.values(SECRETS)) expect(answer.note).not.toContain(secret);
  });
});

describe('D2: bodies', () => {
  test.each(BODIES)('$name: $status', async ({ body, headers, status }) => {
    const raw = body();
    const worked = cpuTime();
    const answer = await receive(raw, headersFor(`sha256=${sign(raw, SECRETS.now)}`, headers), [SECRETS.now]);
    expect(answer).toMatchObject({ status, stored: status === 202 ? 1 : 0 });
    expect(worked()).toBeLessThan(5_000);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each(SIZES)('%s is read or let go by its bytes', async (_what, bytes, length, fits) => {
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

  test('a body changed anywhere is a hint within its bounds, or is refused', { timeout: 120_000 }, () => {
    const seeds = BODIES.map(({ body }) => body()).filter((raw) => raw.byteLength < 2_000);
    seeds.push(Buffer.from(JSON.stringify(run())));
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
      fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), (seed, edits) => {
        let raw = seed;
        for (const [at, cut, put] of edits) {
          const from = at % (raw.byteLength + 1);
          raw = Buffer.concat([raw.subarray(0, from), put, raw.subarray(from + cut)]);
        }
        try {
          const hint = parse(raw, headersFor(null));
          expect(hint.action?.length ?? 0).toBeLessThanOrEqual(100);
          expect(hint.repository?.length ?? 0).toBeLessThanOrEqual(200);
          expect(hint.remoteId ?? '1').toMatch(/^\d{1,20}$/);
          expect(Object.values(hint).join('')).not.toContain('\0');
        } catch (error) {
          if (!(error instanceof ProviderError)) throw error;
        }
      }),
      { numRuns: runs('D2') },
    );
  });
});
