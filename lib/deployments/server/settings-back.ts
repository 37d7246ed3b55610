import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { type DeployForm, ProviderError } from '@/lib/providers/port';
import { releasesOf } from '../model/kept';
import { sameContent, withoutOneOff } from '../model/one-off';
import { formOf } from './form';
import { OTHER_ENVIRONMENT } from './own-environment';
import type { DeploymentRow, LoadedTarget } from './rows';
import { type Fitted, fitForm, prepare, type Wanted } from './trigger';

type Gates = Pick<Wanted, 'ticked' | 'freezeOverrideReason'>;

const NO_GATES: Gates = { ticked: [], freezeOverrideReason: null };

/** As it was then. */
function asThen(row: DeploymentRow, gates: Gates): Wanted {
  const { ref, refKind, sha, config, rendering } = row;
  return {
    ...{ revision: { ref, refKind, sha }, values: withoutOneOff(row.inputs), kind: 'rollback', config, rendering },
    ...{ kept: releasesOf(row), ...gates },
  };
}

/** Its inputs are asked one by one; the releases that its server keeps are those of where it went then. */
const asNow = (row: DeploymentRow, { target }: Pick<Fitted, 'target'>, gates: Gates): Wanted => ({
  ...asThen(row, gates),
  ...{ config: target.config, kept: null },
  before: { config: row.config, environmentInputs: row.dispatch.environmentInputs ?? [] },
});

/**
 * What a roll-back that builds is requested with: the settings of then, or those of now where the target has moved to another
 * account, to which the ones of then mean nothing, or where they do not do any more. `because`: why they do not.
 */
export async function prepareBack(ctx: ServiceContext, loaded: LoadedTarget, row: DeploymentRow, gates: Gates) {
  if (row.connectionId !== loaded.connection.id) return prepareNow(ctx, loaded, row, gates, null);
  try {
    return { ...(await prepare(ctx, loaded, asThen(row, gates))), because: null };
  } catch (error) {
    const because = whyNotThen(error, row, loaded);
    if (because === null) throw error;
    return prepareNow(ctx, loaded, row, gates, because);
  }
}

async function prepareNow(
  ctx: ServiceContext,
  loaded: LoadedTarget,
  row: DeploymentRow,
  gates: Gates,
  because: string | null,
) {
  const prepared = await withWayOut(() => prepare(ctx, loaded, asNow(row, loaded, gates)));
  await requireAnother(ctx, loaded, row, prepared);
  return { ...prepared, because };
}

/** The settings that a roll-back would go with, why not those of then, and what refuses it. */
export interface SettingsBack {
  settingsOf: 'then' | 'now';
  because: string | null;
  refusal: Refusal | null;
}

/** The same before the press, and the form of then. Throws `ProviderError` where the provider cannot be asked. */
export async function settingsBack(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: Fitted,
  row: DeploymentRow,
): Promise<SettingsBack & { form: DeployForm | null }> {
  let form: DeployForm | null = null;
  if (row.connectionId !== loaded.connection.id)
    return { settingsOf: 'now', because: null, refusal: await whyNotNow(ctx, open, loaded, row), form };
  const then = asThen(row, NO_GATES);
  try {
    form = await formOf(open, then.config, then.revision);
    await fitForm(ctx, open, loaded, then, form);
    return { settingsOf: 'then', because: null, refusal: null, form };
  } catch (error) {
    const because = whyNotThen(error, row, loaded);
    if (because === null) return { settingsOf: 'then', because: null, refusal: refusalOf(error), form };
    return { settingsOf: 'now', because, refusal: await whyNotNow(ctx, open, loaded, row), form };
  }
}

async function whyNotNow(ctx: ServiceContext, open: OpenConnection, loaded: Fitted, row: DeploymentRow) {
  const now = asNow(row, loaded, NO_GATES);
  try {
    const read = await formOf(open, now.config, now.revision);
    const fitted = await withWayOut(() => fitForm(ctx, open, loaded, now, read));
    await requireAnother(ctx, loaded, row, { ...fitted, config: now.config, revision: now.revision });
    return null;
  } catch (error) {
    return refusalOf(error);
  }
}

const UNFIT: readonly string[] = [OTHER_ENVIRONMENT, 'invalid_inputs'];
const isUnfit = (error: unknown): error is ServiceError => error instanceof ServiceError && UNFIT.includes(error.code);

/** Of a file that cannot be started any more, or be told the mode. */
const PAST: readonly string[] = ['no_rendering_input', 'mode_not_offered'];
const isPast = (error: unknown): error is ServiceError | ProviderError =>
  error instanceof ProviderError
    ? error.kind === 'notFound' || error.kind === 'rejected'
    : error instanceof ServiceError && PAST.includes(error.code);

/** They lead to another environment by now, their form has changed since, or what they name is gone. Null: it is not for them. */
function whyNotThen(error: unknown, row: DeploymentRow, { target }: Pick<Fitted, 'target'>): string | null {
  if (isUnfit(error)) return error.sentence;
  return isPast(error) && !isDeepStrictEqual(row.config, target.config) ? error.message : null;
}

/** There is no form to fill in at a roll-back: what is wrong with the settings of now is put right in them. */
async function withWayOut<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isUnfit(error)) throw error;
    const sentence = `With the settings of then it does not go any more, and with those of now it does not go either. ${error.sentence} Fix the inputs in the target’s settings under What you deploy (to nothing, where the workflow has one no more), then roll back once more.`;
    throw new ServiceError(error.kind, error.code, sentence, error.fields);
  }
}

type Sent = Pick<DeploymentRow, 'config' | 'inputs' | 'rendering'> & { revision: Pick<DeploymentRow, 'sha'> };

/** Throws `ServiceError` `is_current` where going back would build what is live once more. */
async function requireAnother(ctx: ServiceContext, { target, connection }: Fitted, row: DeploymentRow, sent: Sent) {
  const id = target.currentDeploymentId;
  // What counts as live is gone back to where its host serves another build.
  if (id === null || id === row.id) return;
  const [live] = await ctx.db.select().from(deployments).where(eq(deployments.id, id));
  // At an account of before nothing is live for this one.
  const isThere = live?.connectionId === connection.id;
  const isSame = isThere && live.sha === sent.revision.sha && live.rendering === sent.rendering;
  if (!isSame || !isDeepStrictEqual(live.config, sent.config) || !sameContent(live.inputs, sent.inputs)) return;
  const sentence =
    'It would go with the settings of now, and that is what is live: the same commit, settings and inputs.';
  throw new ServiceError('precondition', 'is_current', sentence);
}

/** Throws what is no refusal: who cannot be asked says nothing about it. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof ServiceError) return { code: error.code, sentence: error.sentence };
  if (isPast(error)) return { code: error.code, sentence: error.message };
  throw error;
}
