import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { DbOrTx, OpenConnection, ServiceContext, Tx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { InputValue, Revision } from '@/lib/providers/port';
import { sameContent } from '../model/one-off';
import { standing } from './age';
import { move } from './move';
import type { DeploymentRow, LoadedTarget } from './rows';

const UNCLAIMED = ['queued', 'awaiting_approval'] as const;
/** Each costs a question to the provider; the rest waits its turn and is found to be older then. */
const AT_ONCE = 10;

type Values = Record<string, InputValue>;

/** Unclaimed deployments of the same branch, inputs, settings and rendering mode whose commit the new one contains. */
export async function olderUnclaimed(
  db: DbOrTx,
  open: OpenConnection,
  { target }: Pick<LoadedTarget, 'target'>,
  wanted: { revision: Revision; inputs: Values } & Pick<DeploymentRow, 'config' | 'rendering'>,
): Promise<string[]> {
  const { revision } = wanted;
  const rows = await db
    .select({
      ...{ id: deployments.id, sha: deployments.sha, rendering: deployments.rendering },
      ...{ inputs: deployments.inputs, config: deployments.config },
    })
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, target.id),
        inArray(deployments.status, [...UNCLAIMED]),
        inArray(deployments.kind, ['deploy', 'retry']),
        eq(deployments.ref, revision.ref),
        eq(deployments.refKind, revision.refKind),
      ),
    )
    .orderBy(asc(deployments.number));
  const alike = rows.filter(
    (row) =>
      row.sha !== revision.sha &&
      row.rendering === wanted.rendering &&
      sameContent(row.inputs, wanted.inputs) &&
      isDeepStrictEqual(row.config, wanted.config),
  );
  const commits = [...new Set(alike.map((row) => row.sha))].slice(0, AT_ONCE);
  const older = new Set<string>();
  for (const sha of commits) if ((await standing(open, target.config, sha, revision.sha)) === 'newer') older.add(sha);
  return alike.filter((row) => older.has(row.sha)).map((row) => row.id);
}

/**
 * Ends what a newer one replaces; it stays visible and says by what. Claimed work is never touched, nor what was sent once
 * and is back in the queue, unless its run was looked for just now (`looked`): one may still surface. `spare`: the newer one is
 * held itself, so what a person let through that, or what passes it as a re-run, keeps its turn.
 */
export async function supersede(
  tx: Tx,
  ctx: ServiceContext,
  ids: readonly string[],
  by: Pick<DeploymentRow, 'id' | 'number' | 'sha'>,
  { looked = false, spare = false } = {},
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .select()
    .from(deployments)
    .where(
      and(
        inArray(deployments.id, [...ids]),
        inArray(deployments.status, [...UNCLAIMED]),
        // After a restored backup it may have been sent already; that is found out first.
        eq(deployments.lookFirst, false),
        looked ? undefined : isNull(deployments.submittedAt),
        spare ? and(isNull(deployments.freezeOverride), ne(deployments.kind, 'retry')) : undefined,
      ),
    )
    .orderBy(asc(deployments.number))
    .for('update');
  for (const row of rows)
    await move(tx, ctx, row, 'supersede', {
      patch: { supersededById: by.id },
      sentence: `#${by.number} (${by.sha.slice(0, 7)}) is newer and took its place before it was sent.`,
    });
}
