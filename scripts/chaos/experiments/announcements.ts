// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the vendor's own expressions
import { setTimeout as wait } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { targets } from '@/lib/db/schema';
import { allSucceeded, experiment, inWorld, judge, verdict } from '../experiment';
import { clickAll, settled } from '../lab/clicks';
import type { World } from '../lab/world';

const WORKFLOW = 'without-environment.yml';
/** A job that names no environment makes no record by itself, so the console makes one. */
const TEXT = [
  'run-name: Deploy ${{ inputs.aetherstack }}',
  'on: { workflow_dispatch: { inputs: { environment: {}, strategy: {}, replicas: { type: number }, run_migrations: { type: boolean },',
  '  image_tag: {}, aetherstack: {}, sha: {} } } }',
  'jobs: { put: { runs-on: ubuntu-latest, steps: [{ run: make deploy }] } }',
  '',
].join('\n');

const AFTER_MS = 15_000;

const isRecord = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && /\/deployments$/.test(path);

async function prepare(world: World): Promise<void> {
  const { db } = world.runtime.database;
  world.estate.sha = await world.push({ [`.github/workflows/${WORKFLOW}`]: TEXT });
  for (const id of world.estate.targetIds) {
    const [row] = await db.select().from(targets).where(eq(targets.id, id));
    const config = { ...row?.config, workflow: WORKFLOW };
    await db.update(targets).set({ config, tell: 'record_and_commit' }).where(eq(targets.id, id));
  }
}

/** Deployments whose record is at the provider, and of which nobody has written down that there is one. */
async function unknown(world: World): Promise<string[]> {
  const { rows } = await world.runtime.database.pool.query<{ id: string }>(
    'select deployment_id as id from announcements where asked_at is not null and remote_id is null',
  );
  if (rows.length === 0) return [];
  // A request that was asked for beside it may never have left.
  const there = new Set(await recorded(world));
  return rows.map(({ id }) => id).filter((id) => there.has(id));
}

/**
 * Kills whoever has just asked for a record, until as many as wanted died before they could write down that they have one.
 * Returns how many were killed, and over how many records they died unaware.
 */
async function killWhoAsks(world: World, kills: number, over: () => boolean) {
  const { seen } = world.gate();
  const unaware = new Set<string>();
  let worker = await world.startWorker();
  let [killed, known] = [0, 0];
  while (unaware.size < kills && !over()) {
    const asked = seen.filter(isRecord).length;
    if (asked === known) await wait(2);
    else {
      await worker.kill();
      killed++;
      for (const id of await unknown(world)) unaware.add(id);
      known = seen.filter(isRecord).length;
      worker = await world.startWorker();
    }
  }
  return { killed, unaware: unaware.size };
}

/** Those who were killed hold their claims for a while yet; what is looked at is not how long, so that is over at once. */
async function told(world: World, expected: number): Promise<boolean> {
  const { pool } = world.runtime.database;
  await pool.query('update announcements set next_try_at = now() where next_try_at > now()');
  for (let tries = 0; tries < 360; tries++) {
    const { rows } = await pool.query<{ n: number }>(
      "select count(*)::int as n from announcements where said = 'success' and marked = 'success'",
    );
    if (rows[0]?.n === expected) return true;
    await wait(250);
  }
  return false;
}

/** Markers of all records that the provider has, from its own list. */
async function recorded(world: World): Promise<string[]> {
  const { context } = await world.people[0].openConnection(world.estate.connectionId);
  const url = `${context.origin}/repos/aetherstack/aetherstack/deployments?per_page=100&sha=${world.estate.sha}`;
  const answer = await context.fetch(url, { headers: { authorization: 'token sandbox-token' } });
  const rows = (await answer.json()) as { payload?: { aetherstack?: { marker?: string } } }[];
  return rows.flatMap(({ payload }) => payload?.aetherstack?.marker ?? []);
}

/** What providers are told goes on through the death of whoever tells it: one record each, with the last word right. */
export const announcements = experiment({
  name: 'announcements',
  promises: ['P3'],
  short: null,
  full: { deployments: 80, kills: 30 },
  title: ({ deployments, kills }) =>
    `${kills} times kill -9 of whoever asked for a record, in ${deployments} deployments`,
  run: ({ lab, say }, { deployments, kills }) =>
    inWorld(lab, { targets: deployments, settleSeconds: 5, gate: true }, async (world) => {
      await prepare(world);
      await clickAll(world);
      let over = false;
      const killing = killWhoAsks(world, kills, () => over);
      await settled(world, deployments, 5 * 60_000, say);
      // A record follows its deployment, so the last of them come when all is settled.
      await Promise.race([killing, wait(AFTER_MS, undefined, { ref: false })]);
      over = true;
      const { killed, unaware } = await killing;
      const isTold = await told(world, deployments);
      const markers = await recorded(world);
      const doubled = markers.length - new Set(markers).size;
      const lost = deployments - new Set(markers).size;
      return {
        verdicts: [
          verdict(
            'somebody was killed before it knew of its record',
            unaware > 0,
            `${unaware} records, ${killed} kills`,
          ),
          verdict('all is told in the end', isTold, deployments),
          verdict('one record for each deployment', doubled === 0 && lost === 0, `${lost} lost, ${doubled} doubled`),
          await allSucceeded(world, deployments),
          ...(await judge(world)),
        ],
        seen: {
          P3: `records at the provider: ${killed} kills over them, ${unaware} before the answer was kept: ${lost} lost, ${doubled} doubled`,
        },
      };
    }),
});
