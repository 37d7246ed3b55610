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

/** Kills whoever has just asked for a record, before it can write down that it has one. Returns how many were killed so. */
async function killWhoAsks(world: World, kills: number, over: () => boolean): Promise<number> {
  const { seen } = world.gate();
  let worker = await world.startWorker();
  let [killed, known] = [0, 0];
  while (killed < kills && !over()) {
    const asked = seen.filter(isRecord).length;
    if (asked === known) await wait(2);
    else {
      await worker.kill();
      killed++;
      known = seen.filter(isRecord).length;
      worker = await world.startWorker();
    }
  }
  return killed;
}

/** Those who were killed hold their claims for a while yet; what is looked at is not how long, so that is over at once. */
async function told(world: World, expected: number): Promise<boolean> {
  const { pool } = world.runtime.database;
  await pool.query('update announcements set next_try_at = now() where next_try_at > now()');
  for (let tries = 0; tries < 80; tries++) {
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
  short: { deployments: 3, kills: 1 },
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
      over = true;
      const killed = await killing;
      const isTold = await told(world, deployments);
      const markers = await recorded(world);
      const doubled = markers.length - new Set(markers).size;
      const lost = deployments - new Set(markers).size;
      return {
        verdicts: [
          verdict('somebody was killed over a record', killed > 0, killed),
          verdict('all is told in the end', isTold, deployments),
          verdict('one record for each deployment', doubled === 0 && lost === 0, `${lost} lost, ${doubled} doubled`),
          await allSucceeded(world, deployments),
          ...(await judge(world)),
        ],
        seen: { P3: `records at the provider: ${killed} kills over them: ${lost} lost, ${doubled} doubled` },
      };
    }),
});
