import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import type { DeployForm } from '@/lib/providers/port';
import { releasesOf } from '../model/kept';
import { withoutOneOff } from '../model/one-off';
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

/** The releases that its server keeps are those of where it went then. */
const asNow = (then: Wanted, { target }: Pick<Fitted, 'target'>): Wanted => ({
  ...then,
  ...{ config: target.config, kept: null },
});

/**
 * What a roll-back that builds is requested with: the settings of then, or those of now where the target has moved to another
 * account, to which the ones of then mean nothing, or where they lead to another environment by now. `because`: why they do.
 */
export async function prepareBack(ctx: ServiceContext, loaded: LoadedTarget, row: DeploymentRow, gates: Gates) {
  const then = asThen(row, gates);
  if (row.connectionId !== loaded.connection.id)
    return { ...(await prepare(ctx, loaded, asNow(then, loaded))), because: null };
  try {
    return { ...(await prepare(ctx, loaded, then)), because: null };
  } catch (error) {
    const because = elsewhere(error);
    if (because === null) throw error;
    const now = { ...asNow(then, loaded), asFarAsTaken: true };
    const prepared = await withWayOut(() => prepare(ctx, loaded, now));
    return { ...prepared, because };
  }
}

/** The settings that a roll-back would go with, why not those of then, and what refuses those of now. */
export interface SettingsBack {
  settingsOf: 'then' | 'now';
  because: string | null;
  refusal: Refusal | null;
}

/** The same before the press, with the form of then as it was read. Throws `ProviderError`. */
export async function settingsBack(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: Fitted,
  row: DeploymentRow,
  form: DeployForm | null,
): Promise<SettingsBack> {
  const then = asThen(row, NO_GATES);
  const because = await refusalOf(() => fitForm(ctx, open, loaded, then, form));
  if (because?.code !== OTHER_ENVIRONMENT) return { settingsOf: 'then', because: null, refusal: null };
  const now = { ...asNow(then, loaded), asFarAsTaken: true };
  const read = await formOf(open, now.config, now.revision);
  const refusal = await refusalOf(() => withWayOut(() => fitForm(ctx, open, loaded, now, read)));
  return { settingsOf: 'now', because: because.sentence, refusal };
}

const elsewhere = (error: unknown): string | null =>
  error instanceof ServiceError && error.code === OTHER_ENVIRONMENT ? error.sentence : null;

const UNFIT: readonly string[] = [OTHER_ENVIRONMENT, 'invalid_inputs'];

/** There is no form to fill in at a roll-back: what is wrong with the settings of now is put right in them. */
async function withWayOut<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ServiceError) || !UNFIT.includes(error.code)) throw error;
    const sentence = `What it went with then leads to another environment by now, and with the settings of now it does not go either. ${error.sentence} Fix the inputs in the target’s settings under What you deploy, then roll back once more.`;
    throw new ServiceError(error.kind, error.code, sentence, error.fields);
  }
}

async function refusalOf(ask: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { code: error.code, sentence: error.sentence };
  }
}
