import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { deployments } from '@/lib/db/schema';
import type { Triggered } from '@/lib/deployments/model/schemas';
import { withWayOut } from '@/lib/deployments/server/carried-over';
import { findByKey } from '@/lib/deployments/server/request';
import { type DeploymentRow, type LoadedTarget, requireTarget } from '@/lib/deployments/server/rows';
import { beforeOf, triggerAs } from '@/lib/deployments/server/trigger';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { type AnyProvider, capability, type InputValue, type Revision } from '@/lib/providers/port';
import { withoutOneOff } from '../../deployments/model/one-off';
import { hostRefusal } from '../../deployments/model/rendering';
import { preflightRefusal, switchRefusal } from '../model/refusals';
import { SwitchInput } from '../model/schemas';
import { readPreflight } from './preflight';

/**
 * Moves a target to another rendering mode: a deployment like any other, with the same gates, that builds the other mode. What
 * the person saw beforehand is looked at once more, and the target is only set to the mode when that deployment is live.
 */
export async function switchRendering(ctx: ServiceContext, raw: SwitchInput): Promise<Triggered> {
  const { mode, preflight: seen, inputs, revision: chosen, ...input } = SwitchInput.parse(raw);
  const loaded = await requireTarget(ctx.db, input.targetId);
  const { target, component, environment, connection } = loaded;
  requirePermission(ctx.actor, 'deployment.request', environment.slug);
  const repeated = await findByKey(ctx, input.targetId, input.idempotencyKey);
  if (repeated) return repeated;
  const { provider, context } = await ctx.openConnection(connection.id);
  const { manifest } = provider;
  const host = hostRefusal(manifest.label, manifest.capabilities.rendering, mode);
  refuse(switchRefusal({ component, environment, mode, now: target.rendering, host }));
  const live = await liveOf(ctx, loaded);
  const resolve = () =>
    capability(provider, 'source').resolve(context, target.config, String(target.config.defaultRef));
  const revision = chosen ?? (live ? revisionOf(live) : await resolve());
  const found = await readPreflight(ctx, { targetId: target.id, mode, sha: chosen?.sha ?? null, ref: chosen?.ref });
  refuse(preflightRefusal(found, seen));
  const values = withoutMode(provider, inputs ?? withoutOneOff(live?.inputs ?? {}));
  const before = inputs || !live ? undefined : beforeOf(live);
  const press = () => triggerAs(ctx, { ...input, revision, inputs: values }, mode, before);
  return before ? withWayOut(FIRST_BY_FORM, press) : press();
}

const FIRST_BY_FORM =
  'Deploy the commit in the mode of now by the form of its target (Deploy…), and fill that in; then switch.';

function refuse(refusal: Refusal | null): void {
  if (refusal) throw new ServiceError('precondition', refusal.code, refusal.sentence);
}

async function liveOf(ctx: ServiceContext, { target }: LoadedTarget): Promise<DeploymentRow | null> {
  if (target.currentDeploymentId === null) return null;
  const [row] = await ctx.db.select().from(deployments).where(eq(deployments.id, target.currentDeploymentId));
  return row ?? null;
}

const revisionOf = ({ ref, refKind, sha }: DeploymentRow): Revision => ({ ref, refKind, sha });

/** The mode is said by the switch itself; what the last one said is left out. */
function withoutMode({ manifest }: AnyProvider, inputs: Record<string, InputValue>): Record<string, InputValue> {
  const own = manifest.capabilities.rendering?.name;
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== own));
}
