import { asc, eq, sql } from 'drizzle-orm';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { type Database, openDatabase } from '@/lib/db/client';
import {
  attempts,
  audit,
  components,
  connections,
  deployments,
  environments,
  events,
  pins,
  targets,
} from '@/lib/db/schema';
import type { Role } from '@/lib/members/model/role';
import type { InputValue } from '@/lib/providers/port';
import { createTestDatabase, type TestDatabase } from '@/scripts/testing/database';
import { advance, triggerDeployment } from '../server';
import { ScriptedProvider } from './scripted-provider';

export interface EngineWorld {
  database: Database;
  url: string;
  vendor: ScriptedProvider;
  /** What an address answers that a person typed in (a probe, say); nothing gets out unless a test says so. */
  outside: { answer: ServiceContext['fetchOutside'] };
  /** The engine itself. */
  engine: ServiceContext;
  as(role: Role, name?: string): ServiceContext;
  /** Presses Deploy on staging (or production) with a key of its own, or the given one. */
  click(options?: {
    key?: string;
    target?: 'staging' | 'production';
    sha?: string;
    who?: ServiceContext;
    inputs?: Record<string, InputValue>;
    checklist?: string[];
  }): Promise<{ deploymentId: string; number: number; outcome: string }>;
  /** Deploys and drives the run to its end; returns the deployment's id. */
  deployed(phase?: 'done' | 'failed', options?: Parameters<EngineWorld['click']>[0]): Promise<string>;
  /** Looks at one deployment once, as a worker would. */
  look(id: string): Promise<Row>;
  row(id: string): Promise<Row>;
  attemptsOf(id: string): Promise<(typeof attempts.$inferSelect)[]>;
  timeline(id: string): Promise<string[]>;
  audits(action: string): Promise<(typeof audit.$inferSelect)[]>;
  current(target?: 'staging' | 'production'): Promise<string | null>;
  pins(): Promise<(typeof pins.$inferSelect)[]>;
  /** Moves every lease, attempt and deadline `seconds` into the past. */
  passTime(seconds: number): Promise<void>;
  woken: string[];
  close(): Promise<void>;
}

type Row = typeof deployments.$inferSelect;

let keys = 0;

/** With a database and a provider of its own, or over those of another world: a restored copy, say. */
export async function engineWorld(over: { test?: TestDatabase; vendor?: ScriptedProvider } = {}): Promise<EngineWorld> {
  const test = over.test ?? (await createTestDatabase());
  const database = openDatabase(test.url);
  const { db } = database;
  const vendor = over.vendor ?? new ScriptedProvider();
  const woken: string[] = [];
  const outside: EngineWorld['outside'] = { answer: () => Promise.reject(new Error('This test lets nothing out.')) };
  if (!over.test) await seed(database);
  const contextOf = (actor: Actor): ServiceContext => ({
    db,
    actor,
    clock: { now: () => Date.now() },
    requestId: 'req_test',
    queue: { wakeDeployment: async (_tx, id) => void woken.push(id), wakeInbox: async () => {} },
    openConnection: async (connectionId) => ({
      provider: vendor.provider,
      context: {
        connectionId,
        origin: 'https://scripted.test',
        credential: { kind: 'token', token: undefined as never },
        fetch: globalThis.fetch,
        now: () => Date.now(),
      },
    }),
    fetchOutside: (url, init) => outside.answer(url, init),
  });
  const as = (role: Role, name: string = role) =>
    contextOf({
      kind: 'user',
      id: `user_${name}`,
      name,
      grants: [{ role, environmentPattern: '*' }],
      sessionHash: 'hash',
      ip: null,
    });
  const engine = contextOf({ kind: 'system', name: 'AetherStack' });
  const row = async (id: string): Promise<Row> => {
    const [found] = await db.select().from(deployments).where(eq(deployments.id, id));
    if (!found) throw new Error(`No deployment ${id}`);
    return found;
  };
  const world: EngineWorld = {
    database,
    url: test.url,
    vendor,
    outside,
    engine,
    as,
    row,
    woken,
    click: ({
      key = `key-${++keys}-abcdef`,
      target = 'staging',
      sha = vendor.head,
      who = as('operator'),
      inputs = { level: 'info' },
      checklist = [],
    } = {}) =>
      triggerDeployment(who, {
        targetId: `tgt_${target}`,
        revision: { ref: 'main', refKind: 'branch', sha },
        inputs,
        checklist,
        reason: '',
        idempotencyKey: key,
      }),
    deployed: async (phase = 'done', options = {}) => {
      const { deploymentId } = await world.click(options);
      await world.look(deploymentId);
      const run = vendor.runs.at(-1);
      if (run) run.phase = phase;
      await world.look(deploymentId);
      return deploymentId;
    },
    look: async (id) => {
      await advance(engine, id);
      return row(id);
    },
    attemptsOf: (id) => db.select().from(attempts).where(eq(attempts.deploymentId, id)).orderBy(asc(attempts.number)),
    timeline: async (id) =>
      (await db.select().from(events).where(eq(events.deploymentId, id)).orderBy(asc(events.id)))
        .filter((e) => e.kind !== 'progress')
        .map((e) => e.kind),
    audits: (action) => db.select().from(audit).where(eq(audit.action, action)),
    current: async (target = 'staging') =>
      (
        await db
          .select()
          .from(targets)
          .where(eq(targets.id, `tgt_${target}`))
      )[0]?.currentDeploymentId ?? null,
    pins: () => db.select().from(pins),
    passTime: async (seconds) => {
      const ago = sql`make_interval(secs => ${seconds})`;
      await db.execute(
        sql`update ${attempts} set sent_at = sent_at - ${ago}, answered_at = answered_at - ${ago}, lease_until = lease_until - ${ago}, sought_at = sought_at - ${ago}`,
      );
      await db.execute(
        sql`update ${deployments} set deadline_at = deadline_at - ${ago}, next_check_at = next_check_at - ${ago}`,
      );
    },
    close: async () => {
      await database.close();
      await test.drop();
    },
  };
  return world;
}

async function seed({ db }: Database): Promise<void> {
  await db.insert(connections).values({
    id: 'con_1',
    name: 'Scripted',
    providerId: 'scripted',
    origin: 'https://scripted.test',
    credentialKind: 'token',
    sealedCredential: 'v1.sealed',
    state: 'ok',
  });
  await db.insert(components).values({ id: 'cmp_backend', slug: 'backend', name: 'Backend', kind: 'backend' });
  const places = [
    { slug: 'staging', isProduction: false },
    { slug: 'production', isProduction: true },
  ];
  await db
    .insert(environments)
    .values(places.map(({ slug, isProduction }) => ({ id: `env_${slug}`, slug, name: slug, isProduction })));
  await db.insert(targets).values(
    places.map(({ slug }) => ({
      id: `tgt_${slug}`,
      componentId: 'cmp_backend',
      environmentId: `env_${slug}`,
      connectionId: 'con_1',
      config: { repository: 'acme/app' },
    })),
  );
}
