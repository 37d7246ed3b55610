import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { type DeployForm, ProviderError } from '@/lib/providers/port';
import { releasesOf } from '../model/kept';
import { sameContent, withoutOneOff } from '../model/one-off';
import { withWayOut } from './carried-over';
import type { DeploymentRow, LoadedTarget } from './rows';
import { beforeOf, look, prepare, type Wanted } from './trigger';

type Gates = Pick<Wanted, 'ticked' | 'freezeOverrideReason'>;

const NO_GATES: Gates = { ticked: [], freezeOverrideReason: null };

/** Whether the target is set as it was for that deployment, but for the branch that is offered first. */
export function isSetAsThen({ connectionId, config }: DeploymentRow, { target, connection }: LoadedTarget): boolean {
  const [{ defaultRef: _then, ...then }, { defaultRef: _now, ...now }] = [config, target.config];
  return connectionId === connection.id && isDeepStrictEqual(then, now);
}

/**
 * The commit, mode and inputs of then, by the settings of now: they say where the target is, and its gates are those of that
 * place. What its server keeps is of where it went then.
 */
function backTo(row: DeploymentRow, loaded: LoadedTarget, gates: Gates): Wanted {
  const { ref, refKind, sha, rendering } = row;
  return {
    ...{ revision: { ref, refKind, sha }, values: withoutOneOff(row.inputs), kind: 'rollback', rendering, ...gates },
    config: loaded.target.config,
    kept: isSetAsThen(row, loaded) ? releasesOf(row) : null,
    before: beforeOf(row),
  };
}

/** What a roll-back that builds is requested with. */
export async function prepareBack(ctx: ServiceContext, loaded: LoadedTarget, row: DeploymentRow, gates: Gates) {
  const prepared = await withWayOut(IN_SETTINGS, () => prepare(ctx, loaded, backTo(row, loaded, gates)));
  await requireAnother(ctx, loaded, row, prepared);
  return { ...prepared, settingsChanged: !isSetAsThen(row, loaded) };
}

/** The form that it would go by, and what refuses it before the press. Throws where the provider cannot be asked. */
export async function lookBack(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: LoadedTarget,
  row: DeploymentRow,
): Promise<{ form: DeployForm | null; refusal: Refusal | null }> {
  const wanted = backTo(row, loaded, NO_GATES);
  try {
    const seen = await withWayOut(IN_SETTINGS, () => look(ctx, open, loaded, wanted));
    await requireAnother(ctx, loaded, row, { ...seen, ...wanted, rendering: seen.rendering });
    return { form: seen.form, refusal: null };
  } catch (error) {
    return { form: null, refusal: refusalOf(error) };
  }
}

const IN_SETTINGS =
  'Fix the inputs in the target’s settings under What you deploy (to nothing, where the workflow has one no more), then roll back once more.';

type Sent = Pick<DeploymentRow, 'config' | 'inputs' | 'rendering'> & { revision: Pick<DeploymentRow, 'sha'> };

/** Throws `ServiceError` `is_current` where by other settings than then it would build what is live once more. */
async function requireAnother(ctx: ServiceContext, loaded: LoadedTarget, row: DeploymentRow, sent: Sent) {
  const id = loaded.target.currentDeploymentId;
  // What counts as live is gone back to where its host serves another build.
  if (id === null || id === row.id || isSetAsThen(row, loaded)) return;
  const [live] = await ctx.db.select().from(deployments).where(eq(deployments.id, id));
  // At an account of before nothing is live for this one.
  const isThere = live?.connectionId === loaded.connection.id;
  const isSame = isThere && live.sha === sent.revision.sha && live.rendering === sent.rendering;
  if (!isSame || !isDeepStrictEqual(live.config, sent.config) || !sameContent(live.inputs, sent.inputs)) return;
  const sentence =
    'It would go with the settings of now, and that is what is live: the same commit, settings and inputs.';
  throw new ServiceError('precondition', 'is_current', sentence);
}

/** Throws what is no refusal: who cannot be asked says nothing about it. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof ServiceError) return { code: error.code, sentence: error.sentence };
  const isRefused = error instanceof ProviderError && (error.kind === 'notFound' || error.kind === 'rejected');
  if (!isRefused) throw error;
  return { code: error.code, sentence: error.message };
}
