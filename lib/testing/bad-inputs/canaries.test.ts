import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exportAudit, listAudit } from '@/lib/audit/server';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { createLogger, describeError } from '@/lib/kernel/log';
import { redactText } from '@/lib/kernel/redact';
import { Secret } from '@/lib/kernel/secret';
import { performAction } from '@/lib/pipeline/run-action';
import { CANARIES, FORMS } from './canaries';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const held: Secret[] = [];
const WRITTEN = CANARIES.flatMap((canary) => {
  if (canary.kind === 'held') held.push(new Secret(canary.value));
  // Looks are lost in another writing; what is held is known in every one.
  const forms =
    canary.kind === 'held' ? Object.entries(FORMS) : Object.entries(FORMS).filter(([form]) => form === 'plain');
  return forms.map(([form, write]) => ({
    name: `${canary.name}, ${form}`,
    text: write(canary.value),
    value: canary.value,
  }));
});

/** Long enough pieces of it, so that half a secret counts as one. */
function traces({ text, value }: { text: string; value: string }): string[] {
  const middle = Math.floor(text.length / 2);
  const core = /:\/\/ada:(.*)@/.exec(value)?.[1];
  return core ? [core] : [value, text, text.slice(middle - 6, middle + 6)].filter((piece) => piece.length >= 8);
}

function expectClean(sink: string, written: { text: string; value: string }): void {
  for (const trace of traces(written))
    expect(sink.includes(trace), `${trace.slice(0, 4)}… in ${sink.slice(0, 120)}`).toBe(false);
}

const admin: Actor = personActor([{ role: 'admin', environmentPattern: '*' }]);

/** An action that fails with the secret in its error, its input and its thing's name: everything that an edge writes. */
async function everySink(text: string): Promise<Record<string, string>> {
  const lines: string[] = [];
  const logger = createLogger({}, (line) => lines.push(line));
  const error = new Error(`refused: ${text}`, { cause: new Error(`because of ${text}`) });
  logger.error(`failed with ${text}`, { ...describeError(error), list: [text], deep: { note: text }, [text]: 1 });
  const done = await performAction(
    {
      name: 'test.leak',
      permission: 'connection.manage',
      input: z.strictObject({ note: z.string() }),
      resourceOf: ({ note }) => ({ kind: 'test', id: note }),
      run: async () => Promise.reject(error),
    },
    { note: text },
    {
      facts: { requestId: 'req_1', ip: null, origin: 'https://a.dev', secFetchSite: 'same-origin' },
      ownOrigin: 'https://a.dev',
      resolveActor: async () => admin,
      contextFor: async (actor) => testContext(database.db, { actor }),
    },
  );
  return { log: lines.join(), answer: JSON.stringify(done), error: JSON.stringify(describeError(error)) };
}

describe('D17 and P21: a secret turns up nowhere', () => {
  test('30 canaries, each in every writing, in logs, errors and answers', { timeout: 120_000 }, async () => {
    expect(CANARIES).toHaveLength(31);
    for (const written of WRITTEN) {
      const sinks = await everySink(written.text);
      for (const sink of Object.values(sinks)) expectClean(sink, written);
      expect(sinks.log, written.name).toContain('[redacted]');
    }
  });

  test('nor in what all of that left behind: audit log, its export as CSV and JSON, the whole database', {
    timeout: 60_000,
  }, async () => {
    const ctx = testContext(database.db, { actor: admin });
    const { rows } = await listAudit(ctx, { limit: 200 });
    expect(rows.length).toBeGreaterThanOrEqual(26);
    const exported = await Promise.all(
      (['csv', 'json'] as const).map(async (format) => {
        const { body } = await exportAudit(ctx, { format });
        return await new Response(body).text();
      }),
    );
    const dump = await database.db.execute<{ line: string }>('select audit::text as line from audit');
    const left = [JSON.stringify(rows), ...exported, dump.rows.map(({ line }) => line).join('\n')];
    for (const written of WRITTEN) for (const sink of left) expectClean(sink, written);
  });

  test('a secret that nobody holds any more is not kept alive by the list', () => {
    expect(held).toHaveLength(CANARIES.filter(({ kind }) => kind === 'held').length);
    expect(redactText(`short: ${new Secret('abc').reveal()}`)).toBe('short: abc');
  });
});
