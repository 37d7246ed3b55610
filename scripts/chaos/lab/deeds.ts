import { markerOf } from '@/lib/deployments/model/marker';
import type { TrueDeed, TrueRun } from './vendors';
import type { World } from './world';

interface Asked {
  id: string;
  provider: string;
  kind: string;
  remoteId: string | null;
  remoteAttempt: number;
  serves: string | null;
  packageId: string | null;
}

/**
 * Everything that providers did as runs of who asked for it, also what carries no marker: a further attempt is of the re-run
 * that asked for that number, a package and a build that is served of whoever asked for them. What nobody asked for has none.
 */
export async function deedsAsRuns(world: World): Promise<TrueRun[]> {
  const { rows } = await world.runtime.database.pool.query<Asked>(
    `select id, provider_id as provider, kind, remote_id as "remoteId", remote_attempt as "remoteAttempt",
      dispatch->'serve'->>'remoteId' as serves, dispatch->'publish'->>'packageId' as "packageId"
     from deployments order by number`,
  );
  const runs = (await world.truth()).flatMap((run) => [
    run,
    ...Array.from({ length: run.attempt - 1 }, (_, n) => attemptOf(rows, run, n + 2)),
  ]);
  const left = [...rows];
  return [...runs, ...(await world.deeds()).map((deed) => runOf(rows, left, deed))];
}

function attemptOf(rows: Asked[], run: TrueRun, attempt: number): TrueRun {
  const owner = rows.find(
    (each) => each.kind === 'retry' && each.remoteId === run.id && each.remoteAttempt === attempt,
  );
  return { ...run, attempt, marker: owner ? markerOf(owner.id, 1) : null };
}

/** Of two who asked for the same the first one is meant first; one deed too many is the last one's. */
function runOf(rows: Asked[], left: Asked[], { provider, what, kind }: TrueDeed): TrueRun {
  const isOwner = (each: Asked) =>
    each.provider === provider && (kind === 'package' ? each.packageId : each.serves) === what;
  const at = left.findIndex(isOwner);
  const owner = at < 0 ? rows.findLast(isOwner) : left.splice(at, 1)[0];
  const known = { id: owner?.remoteId ?? what, marker: owner ? markerOf(owner.id, 1) : null };
  return { provider, ...known, createdAt: '', attempt: 1, status: '', conclusion: null };
}
