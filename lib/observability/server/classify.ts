import { and, eq, isNull, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { classifications, deployments, environments } from '@/lib/db/schema';
import { goesBack } from '@/lib/deployments/server/hold';
import { notFound } from '@/lib/deployments/server/read-scope';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { publish } from '@/lib/realtime/publish';
import { type Axis, CLASS_WORDS, whyNotWord } from '../model/classes';
import type { Classified, Undone } from '../model/dora-view';
import type { ClassifyInput, UndoInput } from '../model/schemas';

/** Says how a deployment counts in the delivery figures, in place of what was said to the same question before. */
export async function classify(ctx: ServiceContext, input: ClassifyInput): Promise<Classified> {
  const { axis, label } = CLASS_WORDS[input.word];
  return ctx.db.transaction(async (tx) => {
    const { environment, number, row } = await lockPlace(tx, input.deploymentId);
    requirePermission(ctx.actor, 'deployment.resolve', environment);
    await requireApplies(tx, row, input.word);
    const [undone] = await undo(tx, ctx, input.deploymentId, axis);
    const id = newId('cls');
    await tx.insert(classifications).values({
      ...{ id, axis, deploymentId: input.deploymentId, word: input.word, reason: input.reason },
      byId: personId(ctx.actor),
      byName: ctx.actor.name,
    });
    const sentence = `Counts as “${label}”: ${input.reason}`;
    await tell(
      tx,
      ctx,
      { deploymentId: input.deploymentId, kind: 'classified', environment, number, sentence },
      {
        word: input.word,
        instead: undone?.word ?? null,
      },
    );
    return { classificationId: id };
  });
}

/** Takes back what was said to that question: the rule counts again. */
export async function undoClassification(
  ctx: ServiceContext,
  { deploymentId, axis, saidId }: UndoInput,
): Promise<Undone> {
  return ctx.db.transaction(async (tx) => {
    const { environment, number } = await lockPlace(tx, deploymentId);
    requirePermission(ctx.actor, 'deployment.resolve', environment);
    const [undone] = await undo(tx, ctx, deploymentId, axis, saidId);
    if (!undone) {
      const sentence =
        'Somebody took it back already, or said something else since. Reload the page to see how it counts.';
      throw new ServiceError('conflict', 'nothing_said', sentence);
    }
    const { word } = undone;
    const sentence = `Counts by the rule again, no longer as “${CLASS_WORDS[word].label}”.`;
    await tell(tx, ctx, { deploymentId, kind: 'classification_undone', environment, number, sentence }, { word });
    return { deploymentId, word };
  });
}

/** Under the row's lock, so that two people who answer at once are one after the other. */
async function lockPlace(tx: Tx, deploymentId: string) {
  const [found] = await tx
    .select({ environment: environments.slug, row: deployments })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(eq(deployments.id, deploymentId))
    .for('update', { of: deployments });
  if (!found) throw notFound('deployment');
  return { ...found, number: found.row.number };
}

type Row = typeof deployments.$inferSelect;

/** A word that no figure would follow is refused: it would be told as done, and count nowhere. */
async function requireApplies(tx: Tx, row: Row, word: ClassifyInput['word']): Promise<void> {
  const { status, providerDoneAt } = row;
  const wentLive = status === 'succeeded';
  const why = whyNotWord(word, {
    isChange: !(await goesBack(tx, row)),
    hasReached: wentLive || (status === 'failed' && providerDoneAt !== null),
    wentLive,
  });
  if (why !== null) throw new ServiceError('precondition', 'word_applies_not', why, { word: why });
}

function undo(tx: Tx, ctx: ServiceContext, deploymentId: string, axis: Axis, saidId?: string) {
  return tx
    .update(classifications)
    .set({ undoneAt: sql`now()`, undoneByName: ctx.actor.name })
    .where(
      and(
        eq(classifications.deploymentId, deploymentId),
        eq(classifications.axis, axis),
        isNull(classifications.undoneAt),
        saidId === undefined ? undefined : eq(classifications.id, saidId),
      ),
    )
    .returning({ word: classifications.word });
}

interface News {
  deploymentId: string;
  kind: 'classified' | 'classification_undone';
  environment: string;
  number: number;
  sentence: string;
}

async function tell(tx: Tx, ctx: ServiceContext, news: News, data: Record<string, unknown>): Promise<void> {
  const { deploymentId, kind, environment, number, sentence } = news;
  await publish(tx, { topic: 'deployment', kind, deploymentId, actorName: ctx.actor.name, data: { sentence } });
  await emitAudit(tx, ctx, {
    action: kind === 'classified' ? 'delivery.classify' : 'delivery.undo',
    resource: { kind: 'deployment', id: deploymentId },
    environment,
    outcome: 'done',
    sentence: `#${number}: ${sentence}`,
    data,
  });
}
