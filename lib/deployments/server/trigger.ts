import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { asksChecks } from '@/lib/gates/model/gates';
import { policyOf } from '@/lib/gates/model/policy';
import { ServiceError } from '@/lib/kernel/errors';
import { type AnyProvider, capability, type DeployForm, type InputValue, type Revision } from '@/lib/providers/port';
import type { RenderingMode } from '../../rendering/model/mode';
import { KEPT_RELEASES, takesKept } from '../model/kept';
import { type Triggered, TriggerInput } from '../model/schemas';
import { readLive, standing } from './age';
import { allOf } from './all-of';
import { type Before, carriedOver } from './carried-over';
import { requireImage } from './check-image';
import { checkInputs, dispatchOf, formOf, formRef, requirePinned } from './form';
import { requireGate } from './gate';
import { branchOfOthers } from './own-branch';
import { OTHER_ENVIRONMENT, requireOwnJobs } from './own-environment';
import { renderingOf } from './rendering';
import { checksOf, findByKey, requestDeployment } from './request';
import { type DeploymentRow, type LoadedTarget, requireTarget } from './rows';
import { isAsked, newerThere } from './served-age';
import { olderUnclaimed } from './supersede';

/** Deploy a revision to a target. Nothing is sent here: the intent is committed and the engine is woken. */
export function triggerDeployment(ctx: ServiceContext, raw: TriggerInput): Promise<Triggered> {
  return triggerAs(ctx, raw, null);
}

/**
 * The same, built in another mode than the target's; `before`: its inputs are those of an earlier deployment. What may be
 * switched is the caller's to ask.
 */
export async function triggerAs(
  ctx: ServiceContext,
  raw: TriggerInput,
  mode: RenderingMode | null,
  before?: Wanted['before'],
): Promise<Triggered> {
  const input = TriggerInput.parse(raw);
  const loaded = await requireTarget(ctx.db, input.targetId);
  requirePermission(ctx.actor, 'deployment.request', loaded.environment.slug);
  const repeated = await findByKey(ctx, input.targetId, input.idempotencyKey);
  if (repeated) return repeated;
  const { revision, inputs: values, checklist: ticked } = input;
  const prepared = await prepare(ctx, loaded, {
    revision,
    values,
    kind: 'deploy',
    config: loaded.target.config,
    rendering: mode ?? loaded.target.rendering,
    ticked,
    freezeOverrideReason: input.freezeOverrideReason,
    ...(before && { before }),
  });
  await requireOnRef(prepared.open, loaded, revision, prepared.form);
  return requestDeployment(ctx, {
    ...prepared,
    loaded,
    kind: 'deploy',
    reason: input.reason,
    ticked: input.checklist,
    freezeOverrideReason: input.freezeOverrideReason,
    replaces: await olderUnclaimed(ctx.db, prepared.open, loaded, prepared),
    idempotencyKey: input.idempotencyKey,
  });
}

/** A commit id alone proves nothing: providers also show commits of forks, which anybody may have written. */
async function requireOnRef(
  { provider, context }: OpenConnection,
  loaded: LoadedTarget,
  revision: Revision,
  form: DeployForm | null,
): Promise<void> {
  // The form was just read at the newest commit of the ref.
  if (form?.source.sha === revision.sha) return;
  await capability(provider, 'source').resolve(context, loaded.target.config, `${formRef(revision)}@${revision.sha}`);
}

type Config = DeploymentRow['config'];

export interface Wanted {
  revision: Revision;
  values: Record<string, InputValue>;
  kind: 'deploy' | 'rollback';
  /** The settings that the deployment will be sent with. */
  config: Config;
  /** The mode it is to be built in; null = the target has none that is known. */
  rendering: RenderingMode | null;
  ticked: readonly string[];
  freezeOverrideReason: string | null;
  /** It ran before, with these inputs. */
  again?: boolean;
  /** Releases that will do, where the workflow takes them: see `releasesOf`. */
  kept?: string | null;
  /** The values are of a deployment of before: see `carriedOver`. */
  before?: Omit<Before, 'values' | 'apart'> | undefined;
}

/** What says how the inputs of an earlier deployment are to be read by now. */
export const beforeOf = ({ config, dispatch }: Pick<DeploymentRow, 'config' | 'dispatch'>): Wanted['before'] => ({
  config,
  environmentInputs: dispatch.environmentInputs ?? [],
  declared: dispatch.places?.inputs.map(({ name }) => name) ?? [],
});

/**
 * Reads the provider once more before anything is written: the commit, the form at that commit, the values against it. What
 * no reading can open is refused before, the rest when all of it is there, so that the first gate is the button's.
 */
export async function prepare(ctx: ServiceContext, loaded: LoadedTarget, wanted: Wanted) {
  const { revision, kind, config, ticked } = wanted;
  const open = await ctx.openConnection(loaded.connection.id);
  const { provider } = open;
  const { sha } = revision;
  const early = { kind, freezeOverride: claimedOverride(ctx, loaded, wanted.freezeOverrideReason) };
  // The button of “Deploy again” reads nothing at the provider either, but checks where the policy asks for them.
  const asks = asksChecks({ policy: policyOf(loaded.environment.policy), kind });
  await requireGate(ctx.db, loaded, provider, wanted.again && !asks ? { ...early, sha, ticked } : early);
  const current = await readLive(ctx.db, loaded.target.currentDeploymentId);
  const [asked, chosenIs, { runsIn, ...seen }] = await allOf(
    isAgain(wanted) ? {} : requireNoneNewer(ctx, open, loaded, sha),
    current && kind !== 'rollback' ? standing(open, config, current.sha, sha) : null,
    look(ctx, open, loaded, wanted),
  );
  const live = current && chosenIs ? { ...current, chosenIs } : null;
  await requireGate(ctx.db, loaded, provider, { ...early, sha, ticked, live, ...checksOf(seen.head) });
  return {
    ...{ open, provider, revision, config, ...seen, live },
    dispatch: dispatchOf(seen.form, provider, runsIn),
    ...asked,
  };
}

const isAgain = ({ kind, again }: Wanted): boolean => kind === 'rollback' || again === true;

/** What the provider says of it now: the commit, the form at that commit, and the values against it. Asks no gate. */
export async function look(ctx: ServiceContext, open: OpenConnection, loaded: LoadedTarget, wanted: Wanted) {
  const { revision, config } = wanted;
  const [head, form] = await Promise.all([headOf(open, loaded, wanted), formOf(open, config, revision)]);
  await requirePinned(open, config, revision, form);
  const { inputs, rendering, runsIn } = await fitForm(ctx, open, loaded, wanted, form);
  const fixed = Object.keys((config.inputs ?? {}) as object);
  const unlooked = await requireImage(ctx, loaded, { inputs, fixed, again: isAgain(wanted) });
  return { head, form, inputs, rendering, runsIn, unlooked };
}

/** What is sent in the form's inputs, and where its jobs run. Throws `ServiceError` `other_environment` and `invalid_inputs`. */
async function fitForm(
  ctx: ServiceContext,
  { provider }: OpenConnection,
  loaded: LoadedTarget,
  wanted: Wanted,
  form: DeployForm | null,
) {
  const { config, revision, rendering: mode } = wanted;
  const where = {
    ...{ environmentId: loaded.environment.id, connectionId: loaded.connection.id },
    targetId: loaded.target.id,
  };
  const scope = { ...where, config };
  await requireOwnBranch(ctx, loaded, wanted);
  const { before } = wanted;
  const given =
    form && before
      ? await carriedOver(ctx.db, where, form, config, {
          ...before,
          values: wanted.values,
          apart: modeInput(provider, mode),
        })
      : wanted.values;
  const { kept } = wanted;
  const values = kept && takesKept(form) ? { ...given, [KEPT_RELEASES]: kept } : given;
  const rendering = renderingOf(provider, loaded, form, { config, values, mode });
  const inputs = form ? await checkInputs(ctx.db, where, form, config, rendering.values) : {};
  const runsIn = await requireOwnJobs(ctx.db, { ...scope, ...revision }, provider, form, inputs);
  return { inputs, rendering: rendering.mode, runsIn };
}

/** The input that says the mode, where it is said by itself. */
function modeInput({ manifest }: AnyProvider, mode: RenderingMode | null): string[] {
  const traits = manifest.capabilities.rendering;
  return mode !== null && traits?.writes === 'input' ? [traits.name] : [];
}

async function requireOwnBranch(ctx: ServiceContext, loaded: LoadedTarget, { config, revision }: Wanted) {
  const { target, environment, connection } = loaded;
  const { id: connectionId, providerId } = connection;
  const sent = { targetId: target.id, environmentId: environment.id, connectionId, providerId, config };
  const taken = await branchOfOthers(ctx.db, { ...sent, ref: revision.ref }, ctx.actor);
  if (taken) throw new ServiceError('precondition', OTHER_ENVIRONMENT, taken);
}

/** The host is asked before anything is written: our books know nothing of what went live there past this target. */
async function requireNoneNewer(ctx: ServiceContext, open: OpenConnection, { target }: LoadedTarget, sha: string) {
  if (!isAsked(open, target.config)) return {};
  const refusal = await newerThere(ctx.db, open, target, sha);
  if (refusal) throw new ServiceError('precondition', refusal.code, refusal.sentence);
  return { againstLive: target.currentDeploymentId };
}

/** Its check state only where a gate asks for it; the worker asks again before it sends. */
async function headOf({ provider, context }: OpenConnection, { environment }: LoadedTarget, wanted: Wanted) {
  const { config, kind, revision } = wanted;
  const source = capability(provider, 'source');
  const policy = policyOf(environment.policy);
  if (asksChecks({ policy, kind })) return source.commit(context, config, revision.sha, policy.requiredChecks);
  const { message, author, authoredAt } = await source.commit(context, config, revision.sha, 'message');
  return { message, author, authoredAt };
}

/** Which freezes it covers is decided under the locks; until then it must only be somebody who may. */
function claimedOverride(ctx: ServiceContext, { environment }: LoadedTarget, reason: string | null) {
  if (reason === null) return null;
  requirePermission(ctx.actor, 'freeze.override', environment.slug);
  return { by: ctx.actor.name, reason, at: '9999-12-31T00:00:00Z' };
}
