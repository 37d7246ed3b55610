import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { deployments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { type AnyProvider, capability, type DeployForm, type InputValue, ProviderError } from '@/lib/providers/port';
import { movedMeanwhile, planRendering } from '../model/rendering';
import { fixedInputs } from '../model/still-fixed';
import { goesBack } from './hold';
import type { DeploymentRow, LoadedTarget } from './rows';
import { asProviderError } from './trouble';

interface Asked {
  config: DeploymentRow['config'];
  values: Record<string, InputValue>;
  mode: DeploymentRow['rendering'];
}

/** The mode that a new deployment builds, and its inputs with it. Throws where the host cannot be told. */
export function renderingOf(
  { manifest }: AnyProvider,
  { component }: { component: Pick<LoadedTarget['component'], 'kind' | 'name'> },
  form: DeployForm | null,
  { config, values, mode }: Asked,
): { mode: DeploymentRow['rendering']; values: Record<string, InputValue> } {
  const plan = planRendering({
    component,
    provider: manifest.label,
    traits: manifest.capabilities.rendering,
    mode,
    fields: form && [...form.fields, ...(form.fixed ?? [])],
    fixed: fixedInputs(config),
    values,
  });
  if (!plan.ok) throw new ServiceError('precondition', plan.code, plan.sentence);
  return plan;
}

/**
 * Before the one request of a build: the host is set to its mode. Nothing has been started when this throws, so no failure
 * of it is ambiguous: the worst is that it is written once more.
 */
export async function tellMode({ provider, context }: OpenConnection, row: DeploymentRow): Promise<void> {
  if (row.rendering === null) return;
  const traits = provider.manifest.capabilities.rendering;
  if (traits?.writes !== 'variable' && traits?.writes !== 'build-setting') return;
  try {
    await capability(provider, 'rendering').write?.(context, row.config, row.ref, row.rendering);
  } catch (error) {
    const { kind, code, message, retryAfterMs } = asProviderError(error);
    const sentence = `How it is built could not be set at ${provider.manifest.label}, so nothing was started: ${message}`;
    throw new ProviderError(kind, code, sentence, { retryAfterMs });
  }
}

/** Before whatever is sent: nobody moved the target to another mode while this waited. Throws what ends it. */
export async function requireUnmoved(ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  const [target] = await ctx.db
    .select({ now: targets.rendering, live: targets.currentDeploymentId })
    .from(targets)
    .where(eq(targets.id, row.targetId));
  const previous = row.previousDeploymentId;
  // Nothing went live since this was asked for, so nothing moved.
  if (!target || target.live === previous) return;
  const [live] = previous
    ? await ctx.db.select({ mode: deployments.rendering }).from(deployments).where(eq(deployments.id, previous))
    : [];
  const facts = { asked: row.rendering, before: live?.mode ?? null, now: target.now };
  const kind = (await goesBack(ctx.db, row)) ? 'rollback' : row.kind;
  const sentence = movedMeanwhile({ ...facts, kind });
  if (sentence) throw new ProviderError('rejected', 'rendering_changed', sentence);
}
