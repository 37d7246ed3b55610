import 'server-only';
import { and, desc, eq, isNotNull, lt } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, verdicts } from '@/lib/db/schema';
import type { HealthSettings } from '../model/health-settings';
import { type SoundLevel, soundLevels } from '../model/verdict-sound';

/** What the one judged before it hands on. What is measured otherwise by now has no level that could be compared. */
export async function readSound(
  db: DbOrTx,
  what: { targetId: string; liveAt: Date; settings: HealthSettings },
  now: number,
): Promise<SoundLevel[]> {
  const [before] = await db
    .select({
      number: deployments.number,
      liveAt: verdicts.liveAt,
      settings: verdicts.settings,
      report: verdicts.report,
    })
    .from(verdicts)
    .innerJoin(deployments, eq(deployments.id, verdicts.deploymentId))
    .where(and(eq(verdicts.targetId, what.targetId), lt(verdicts.liveAt, what.liveAt), isNotNull(verdicts.judgedAt)))
    .orderBy(desc(verdicts.liveAt))
    .limit(1);
  if (!before?.report || measuredBy(before.settings) !== measuredBy(what.settings)) return [];
  const { number, liveAt, report } = before;
  return soundLevels({ number, liveAt: liveAt.getTime(), report }, now);
}

/** Both come from the database, which keeps the keys of an object in one order. */
const measuredBy = ({ connectionId, queries, values, watchUrl }: HealthSettings) =>
  JSON.stringify([connectionId, queries, values, watchUrl]);
