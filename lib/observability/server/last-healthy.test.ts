import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GateWorld, gateWorld } from '@/lib/deployments/testing/gate-world';
import { readLastHealthy, selectLastHealthy } from './last-healthy';

const TARGET = 'tgt_staging';
let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

/** As many successes as years bring, one a minute back from what is live; every tenth was judged healthy. */
async function years(live: string): Promise<void> {
  const { db } = world.database;
  const own = ['id', 'number', 'idempotency_key', 'content_digest', 'finished_at', 'remote_id'];
  const { rows } = await db.execute<{ names: string }>(sql`select string_agg(quote_ident(column_name), ', ') as names
    from information_schema.columns where table_schema = 'public' and table_name = 'deployments'
      and is_generated = 'NEVER' and column_name <> all(${sql.param(own)}::text[])`);
  const rest = sql.raw(rows[0]?.names ?? '');
  await db.execute(sql`insert into deployments (id, idempotency_key, content_digest, finished_at, ${rest})
    select 'dep_' || n, 'key_' || n, 'digest_' || n, finished_at - n * interval '1 minute', ${rest}
    from deployments, generate_series(1, 5000) n where id = ${live}`);
  await db.execute(sql`insert into verdicts (deployment_id, target_id, settings, verdict, closed, live_at, until_at)
    select 'dep_' || n, ${TARGET}, '{}', case when n % 10 = 3 then 'healthy' else 'inconclusive' end, true,
      now() - n * interval '1 minute', now() from generate_series(1, 5000) n`);
  await db.execute(sql`analyze deployments, verdicts`);
}

test('is found by the index of what went live when, however many went live before it', async () => {
  const { db } = world.database;
  const id = await world.deployed('done');
  await years(id);
  const { inputs } = await world.row(id);
  expect(await readLastHealthy(db, { id, targetId: TARGET, inputs })).toMatchObject({ id: 'dep_3', between: 2 });
  const plan = await db.execute(sql`explain ${selectLastHealthy({ id, targetId: TARGET })}`);
  const steps = JSON.stringify(plan.rows);
  expect(steps).toContain('deployments_by_end on deployments d');
  expect(steps).not.toContain('Sort');
});
