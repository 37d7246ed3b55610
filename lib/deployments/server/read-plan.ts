import 'server-only';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { GateFacts } from '@/lib/gates/model/facts';
import { gates } from '@/lib/gates/model/gates';
import { policyOf } from '@/lib/gates/model/policy';
import { readOrder } from '@/lib/gates/server/order';
import type { Refusal } from '@/lib/kernel/errors';
import {
  type AnyProvider,
  type Commit,
  type Comparison,
  capability,
  type DeployForm,
  ProviderError,
  type Revision,
  type TargetConfig,
} from '@/lib/providers/port';
import { deployGate } from '../model/eligibility';
import { withoutKept } from '../model/kept';
import type { ComposerPlan } from '../model/view';
import { type Live, readLive, standingIn } from './age';
import { takesCommit } from './form';
import { readGateFacts } from './gate';
import { ownForm } from './own-environment';
import { asksFor, mayRequest, refused } from './read-composer';
import { asRefusal, tryOpen } from './read-provider';
import { type LoadedTarget, loadTarget } from './read-scope';
import { newerThere } from './served-age';

export interface PlanInput {
  targetId: string;
  ref: string;
  sha?: string | undefined;
}

type Unread = { refusal: Refusal; again: number | null };
type Answer<T> = { ok: true; value: T } | ({ ok: false } & Unread);

async function answer<T>(work: Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, refusal: asRefusal(error), again: againAfter(error) };
  }
}

const OUTAGE_AGAIN_SECONDS = 10;

/** A pause ends and an outage passes; a branch that is gone does not come back by being asked for. Seconds. */
function againAfter(error: unknown): number | null {
  if (!(error instanceof ProviderError)) return null;
  if (error.kind === 'rateLimited') return Math.ceil((error.retryAfterMs ?? 60_000) / 1000) + 1;
  return error.kind === 'unavailable' ? OUTAGE_AGAIN_SECONDS : null;
}

/**
 * Everything that follows from a chosen ref (and commit of it). Whatever the provider refuses becomes the reason of the
 * disabled button or a warning; only a target that may not be seen throws.
 */
export async function composerPlan(ctx: ServiceContext, input: PlanInput): Promise<ComposerPlan> {
  const loaded = await loadTarget(ctx, input.targetId);
  const opened = await tryOpen(ctx, loaded.connection.id);
  const provider = opened.ok ? opened.open.provider : null;
  const facts = await readGateFacts(ctx.db, loaded, provider, { mayRequest: mayRequest(ctx, loaded), ticked: null });
  if (!opened.ok) return emptyPlan(input, facts, { ...opened, again: null });
  const resolved = await answer(resolveRef(opened.open, loaded.target.config, input.ref));
  if (!resolved.ok) return emptyPlan(input, facts, resolved);
  const chosen = { ...resolved.value, sha: input.sha ?? resolved.value.sha };
  const live = await readLive(ctx.db, loaded.target.currentDeploymentId);
  const parts = await askParts(ctx, { open: opened.open, loaded, head: resolved.value, chosen, live });
  const order = await readOrder(ctx.db, policyOf(loaded.environment.policy), {
    componentId: loaded.component.id,
    sha: chosen.sha,
  });
  return assemble({ ...facts, sha: chosen.sha, order, ...seenBy(parts, live) }, chosen, parts, opened.open.provider);
}

async function resolveRef({ provider, context }: OpenConnection, config: TargetConfig, ref: string): Promise<Revision> {
  return await capability(provider, 'source').resolve(context, config, ref);
}

/** A refusal of our own (role, pin, connection) is said first: it stays when the provider recovers. */
function emptyPlan(input: PlanInput, facts: GateFacts, { refusal, again }: Unread): ComposerPlan {
  const gate = deployGate(facts);
  return {
    revision: { ref: input.ref, refKind: 'branch', sha: input.sha ?? '' },
    head: null,
    form: null,
    formless: false,
    comparison: null,
    notIncluded: [],
    gate: gate.allowed ? refused(refusal) : gate,
    gates: gates(facts),
    policy: asksFor(facts),
    warnings: gate.allowed ? [] : [refusal.sentence],
    askAgainSeconds: again,
  };
}

interface Question {
  open: OpenConnection;
  loaded: LoadedTarget;
  /** What the ref points to now. */
  head: Revision;
  chosen: Revision;
  live: Live | null;
}

interface Parts {
  /** Null where the provider has no workflows: nothing to fill in. */
  form: Answer<DeployForm | null>;
  commit: Answer<Commit>;
  comparison: Answer<Comparison | null>;
  /** From the chosen commit to the newest of the ref; null when they are the same. */
  ahead: Answer<Comparison | null>;
  /** Why the host, which serves something newer, is not given it. */
  newer: Answer<Refusal | null>;
}

async function askParts(ctx: ServiceContext, { open, loaded, head, chosen, live: current }: Question): Promise<Parts> {
  const { provider, context } = open;
  const { config } = loaded.target;
  const scope = { environmentId: loaded.environment.id, connectionId: loaded.connection.id, config };
  const source = capability(provider, 'source');
  const live = current?.sha ?? null;
  const compare = async (base: string, to: string) => (base === to ? null : source.compare(context, config, base, to));
  const [form, commit, comparison, ahead, newer] = await Promise.all([
    // The provider runs the workflow file as it stands on the ref, not as it was at an older commit.
    answer(readForm(open, config, head).then((form) => ownForm(ctx.db, scope, form && withoutKept(form)))),
    answer(source.commit(context, config, chosen.sha, policyOf(loaded.environment.policy).requiredChecks)),
    answer(
      live === null ? Promise.resolve(null) : live === chosen.sha ? Promise.resolve(same) : compare(live, chosen.sha),
    ),
    answer(compare(chosen.sha, head.sha)),
    answer(newerThere(ctx.db, open, loaded.target, chosen.sha)),
  ]);
  return { form, commit, comparison, ahead, newer };
}

const same: Comparison = { included: [], leaving: [], totalIncluded: 0, totalLeaving: 0, url: '' };

async function readForm(
  { provider, context }: OpenConnection,
  config: TargetConfig,
  head: Revision,
): Promise<DeployForm | null> {
  return provider.methods.workflows ? await provider.methods.workflows.form(context, config, head.ref) : null;
}

/** What the provider said that a gate asks about. */
function seenBy({ commit, comparison }: Parts, live: Live | null): Pick<GateFacts, 'live' | 'checks' | 'unpassed'> {
  const compared = comparison.ok ? comparison.value : null;
  return {
    live: live && compared ? { ...live, chosenIs: standingIn(compared) } : null,
    checks: commit.ok ? commit.value.checks : null,
    unpassed: commit.ok ? commit.value.unpassed : undefined,
  };
}

function soonest(parts: Parts): number | null {
  const times = Object.values(parts).flatMap((each) => (each.ok || each.again === null ? [] : [each.again]));
  return times.length > 0 ? Math.min(...times) : null;
}

function assemble(facts: GateFacts, chosen: Revision, parts: Parts, provider: AnyProvider): ComposerPlan {
  const gate = deployGate(facts);
  const refusal = planRefusal(chosen, parts, provider);
  return {
    revision: { ref: chosen.ref, refKind: chosen.refKind, sha: chosen.sha },
    head: parts.commit.ok ? parts.commit.value : null,
    form: parts.form.ok ? parts.form.value : null,
    formless: provider.methods.workflows === undefined,
    comparison: parts.comparison.ok ? parts.comparison.value : null,
    notIncluded: parts.ahead.ok ? (parts.ahead.value?.included ?? []) : [],
    gate: gate.allowed && refusal ? refused(refusal) : gate,
    gates: gates(facts),
    policy: asksFor(facts),
    warnings: warningsOf(chosen, parts),
    askAgainSeconds: soonest(parts),
  };
}

/** What makes this revision undeployable, the most helpful reason first. */
function planRefusal(chosen: Revision, { form, commit, ahead, newer }: Parts, provider: AnyProvider): Refusal | null {
  if (!commit.ok) return commit.refusal;
  if (!form.ok) return form.refusal;
  if (!ahead.ok) return ahead.refusal;
  if (!newer.ok) return newer.refusal;
  if (ahead.value && ahead.value.totalLeaving > 0) {
    return {
      code: 'commit_not_on_ref',
      sentence: `Commit ${chosen.sha.slice(0, 7)} is not on ${chosen.ref}. Choose a commit of ${chosen.ref}, or the ref that contains it.`,
    };
  }
  if (ahead.value && !takesCommit(provider, form.value)) {
    const code = 'commit_not_selectable';
    if (!form.value)
      return {
        code,
        sentence: `${provider.manifest.label} builds only the newest commit of ${chosen.ref}. Choose that one.`,
      };
    return {
      code,
      sentence: `${form.value.source.path} has no input for a commit, so it would run the newest commit of ${chosen.ref}. Choose that one, or give the workflow an input called “sha”.`,
    };
  }
  return newer.value;
}

function warningsOf(chosen: Revision, { form, commit, comparison, ahead }: Parts): string[] {
  const warnings: string[] = [];
  const checks = commit.ok ? commit.value.checks : 'none';
  if (checks === 'failure') warnings.push('Checks failed on this commit.');
  if (checks === 'pending') warnings.push('Checks on this commit have not finished.');
  const newer = ahead.ok ? (ahead.value?.totalIncluded ?? 0) : 0;
  if (newer > 0) warnings.push(`${chosen.ref} has ${counted(newer, 'newer commit')} that will not be included.`);
  if (comparison.ok && comparison.value && comparison.value.totalLeaving > 0) {
    warnings.push(
      `${counted(comparison.value.totalLeaving, 'commit')} that ${comparison.value.totalLeaving === 1 ? 'is' : 'are'} live now will be taken away.`,
    );
  }
  if (!comparison.ok) warnings.push(`What changes cannot be shown: ${comparison.refusal.sentence}`);
  if (!form.ok || !form.value) return warnings;
  warnings.push(...form.value.warnings);
  if (!form.value.findable && !form.value.warnings.some((each) => each.includes('run-name'))) {
    warnings.push(
      'The workflow’s run-name does not show our marker: if an answer is lost, a person has to look the run up.',
    );
  }
  return warnings;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
