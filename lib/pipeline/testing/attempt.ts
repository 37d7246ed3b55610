import { randomBytes } from 'node:crypto';
import { globSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import type { Db, Tx } from '@/lib/db/client';
import { testContext } from '@/lib/db/testing/context';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { type ActionDefinition, performAction } from '../run-action';
import { type QueryDefinition, runQuery } from '../run-query';

export type Command = ActionDefinition<z.ZodType, unknown>;
export type Read = QueryDefinition<z.ZodType, unknown>;
export type Verb =
  | { name: string; kind: 'command'; definition: Command }
  | { name: string; kind: 'query'; definition: Read };

/** Every file that may define verbs, read from the tree: a new one cannot be forgotten here. */
const FILES = globSync(['lib/*/commands.ts', 'lib/*/queries.ts']);

export async function loadVerbs(): Promise<Verb[]> {
  const modules = await Promise.all(
    FILES.map((file) => import(path.resolve(file)) as Promise<Record<string, unknown>>),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .flatMap((each): Verb[] => {
      const made = each as { definition?: Read } & Partial<Command>;
      if (made.definition) return [{ name: made.definition.name, kind: 'query', definition: made.definition }];
      return made.name && made.input ? [{ name: made.name, kind: 'command', definition: made as Command }] : [];
    });
}

/** Links and signatures need an address and keys; these are nobody's. */
export const ENVIRONMENT = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  NEXTAUTH_URL: 'https://own.test',
  NEXTAUTH_SECRET: randomBytes(48).toString('base64'),
  AETHERSTACK_KEK: randomBytes(32).toString('base64'),
};

const BACK = new Error('undone on purpose');
export type Verdict = 'let through' | 'refused' | `broken: ${string}`;

export interface Outcome {
  verdict: Verdict;
  /** What it answered; undefined when it refused for a reason of its own. */
  value?: unknown;
}

/** Runs the real verb in a transaction that is undone, so that no cell knows of another. */
export async function attempt(database: Db, verb: Verb, actor: Actor, input: unknown): Promise<Outcome> {
  let outcome: Outcome = { verdict: 'broken: nothing happened' };
  await database
    .transaction(async (tx) => {
      inTurn(tx);
      endSettings(tx);
      outcome = await judge(verb, actor, input, tx as unknown as Db);
      throw BACK;
    })
    .catch((error: unknown) => {
      if (error !== BACK) outcome = { verdict: `broken: ${String(error)}` };
    });
  return outcome;
}

/** In life a setting `local` to a transaction ends with it; here the verb's own is part of another one. */
function endSettings(tx: Tx): void {
  const inside = tx.transaction.bind(tx) as Tx['transaction'];
  tx.transaction = async (...of) => {
    try {
      return await inside(...of);
    } finally {
      await tx.execute('set local search_path to default');
    }
  };
}

/** What reads from a pool reads here from one connection, which takes one query at a time. */
function inTurn(tx: unknown): void {
  const { session } = tx as { session: { client: { query: (...asked: unknown[]) => Promise<unknown> } } };
  const { client } = session;
  let last: Promise<unknown> = Promise.resolve();
  const query = (...asked: unknown[]) => {
    const answer = last.then(() => client.query(...asked));
    last = answer.catch(() => undefined);
    return answer;
  };
  session.client = new Proxy(client, { get: (of, key) => (key === 'query' ? query : Reflect.get(of, key, of)) });
}

async function judge(verb: Verb, actor: Actor, input: unknown, db: Db): Promise<Outcome> {
  const context = (who: Actor) => testContext(db, { actor: who });
  if (verb.kind === 'query') return await read(verb.definition, input, context(actor));
  const facts = { requestId: 'req_1', ip: null, origin: 'https://own.test', secFetchSite: 'same-origin' };
  const done = await performAction(verb.definition, input, {
    facts,
    ownOrigin: 'https://own.test',
    resolveActor: async () => actor,
    contextFor: async (who) => context(who),
  });
  if (done.ok) return { verdict: 'let through', value: done.value ?? null };
  return { verdict: byStatus(done.answer.httpStatus, done.answer.refusal.code) };
}

async function read(definition: Read, input: unknown, ctx: ServiceContext): Promise<Outcome> {
  try {
    return { verdict: 'let through', value: (await runQuery(definition, input, ctx)) ?? null };
  } catch (error) {
    if (error instanceof ProviderError) return { verdict: 'let through' };
    return {
      verdict: error instanceof ServiceError ? byStatus(error.httpStatus, error.code) : `broken: ${String(error)}`,
    };
  }
}

function byStatus(status: number, code: string): Verdict {
  if ([401, 403, 404].includes(status)) return 'refused';
  if (status === 400 || status === 429 || status === 500) return `broken: ${status} ${code}`;
  return 'let through';
}

/** A few at a time: each holds a connection. */
export async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
