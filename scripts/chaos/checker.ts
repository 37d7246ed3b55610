import { sql } from 'drizzle-orm';
import type { Runtime } from '@/lib/runtime';
import type { ProviderTruth } from './world';

export interface Verdict {
  name: string;
  passed: boolean;
  detail: string;
}

interface Intent extends Record<string, unknown> {
  id: string;
  number: number;
  status: string;
  remote_id: string | null;
}

const markerStem = (id: string) => `aether-${id.replace(/^dep_/, '')}-`;

/** Provider truth against our own record: accepted intents and runs are a bijection by marker. */
export async function checkBijection(runtime: Runtime, truth: ProviderTruth, intents: number): Promise<Verdict[]> {
  const rows = (
    await runtime.database.db.execute<Intent>(sql`select id, number::int, status, remote_id from deployments`)
  ).rows;
  const runsOf = new Map<string, string[]>(rows.map((row) => [row.id, []]));
  const strangers: string[] = [];
  for (const run of truth.runs) {
    const owner = rows.find((row) => run.marker?.startsWith(markerStem(row.id)));
    if (owner) runsOf.get(owner.id)?.push(run.id);
    else strangers.push(run.id);
  }
  const lost = rows.filter((row) => (runsOf.get(row.id)?.length ?? 0) === 0);
  const doubled = rows.filter((row) => (runsOf.get(row.id)?.length ?? 0) > 1);
  const mismatched = rows.filter((row) => row.remote_id !== null && !runsOf.get(row.id)?.includes(row.remote_id));
  const unfinished = rows.filter((row) => row.status !== 'succeeded');
  return [
    verdict('as many intents as clicks were meant', rows.length === intents, `${rows.length} of ${intents}`),
    verdict('no intent lost', lost.length === 0, `${lost.length} lost ${sample(lost)}`),
    verdict('no intent doubled', doubled.length === 0, `${doubled.length} doubled ${sample(doubled)}`),
    verdict('no run without an intent', strangers.length === 0, `${strangers.length} strangers`),
    verdict(
      'every recorded run is the intent’s own',
      mismatched.length === 0,
      `${mismatched.length} mismatched ${sample(mismatched)}`,
    ),
    verdict('everything ended as succeeded', unfinished.length === 0, `${unfinished.length} not ${sample(unfinished)}`),
  ];
}

/** One audit line for each accepted intent, one timeline entry for each status a deployment went through. */
export async function checkRecords(runtime: Runtime): Promise<Verdict[]> {
  const { db } = runtime.database;
  const unaudited = await db.execute(
    sql`select d.id from deployments d where (select count(*) from audit a where a.resource_id = d.id and a.action like 'deployment.request.%') <> 1`,
  );
  const backwards = await db.execute(sql`
    select 1 from (select from_status, lag(to_status) over (partition by deployment_id order by id) as before from events
                   where topic = 'deployment' and kind <> 'progress' and kind <> 'requested') t
    where before is not null and before <> from_status`);
  return [
    verdict('one audit line for each intent', unaudited.rows.length === 0, `${unaudited.rows.length} without`),
    verdict('each timeline is one unbroken chain', backwards.rows.length === 0, `${backwards.rows.length} breaks`),
  ];
}

function verdict(name: string, passed: boolean, detail: string): Verdict {
  return { name, passed, detail: detail.trim() };
}

function sample(rows: Intent[]): string {
  return rows
    .slice(0, 5)
    .map((row) => `#${row.number} ${row.status}`)
    .join(', ');
}
