import type { GateView } from '../../gates/model/gate';
import type { Refusal } from '../../kernel/errors';
import { MODE_WORDS, type RenderingMode } from '../../rendering/model/mode';
import type { BakedFact } from './baked';
import { type DeploymentStatus, STATUS_VIEW } from './status';
import type { Allowed, DeploymentSummary } from './view';

interface Source {
  number: number;
  componentId: string;
  connectionId: string;
  status: DeploymentStatus;
  remoteId: string | null;
  rendering: RenderingMode | null;
}

/** What no provider has to be asked for; null when its build may go to such a target. */
export function whyNotPromoted(
  source: Source,
  target: { componentId: string; connectionId: string; rendering: RenderingMode | null },
): Refusal | null {
  const no = (code: string, sentence: string): Refusal => ({ code, sentence });
  if (source.componentId !== target.componentId)
    return no('other_component', 'That deployment is of another component. Choose one of this component.');
  if (source.connectionId !== target.connectionId)
    return no(
      'other_connection',
      `#${source.number} was built through another connection, whose host knows nothing of this target. Deploy its commit instead.`,
    );
  if (source.status !== 'succeeded')
    return no(
      'never_live',
      `#${source.number} is ${STATUS_VIEW[source.status].label.toLowerCase()}. Only what went live and was verified is promoted.`,
    );
  if (!source.remoteId)
    return no('no_run', `#${source.number} has no build at the provider. Deploy its commit instead.`);
  const { rendering } = source;
  if (!rendering && target.rendering)
    return no(
      'mode_unknown',
      `How #${source.number} was built is not recorded, and this target is ${MODE_WORDS[target.rendering].short}. Deploy its commit instead.`,
    );
  if (rendering && !target.rendering)
    return no(
      'mode_not_set',
      `#${source.number} was built as ${MODE_WORDS[rendering].short}, and how this target is built is not known yet. Set it first under Web rendering & config, which has a check of its own.`,
    );
  if (rendering && target.rendering && rendering !== target.rendering)
    return no(
      'other_mode',
      `#${source.number} was built as ${MODE_WORDS[rendering].short}, and this target is ${MODE_WORDS[target.rendering].short}. Switch the mode first, which has a check of its own.`,
    );
  return null;
}

export function servedAlready(environment: string, { number }: { number: number }): Refusal {
  return { code: 'is_live', sentence: `${environment} serves this build already, with #${number}.` };
}

/** Something newer went live at the host past this target: a Git push that it built by itself, say. */
export function olderThanServed(provider: string, sha: string, served: string): Refusal {
  const sentence = `${sha.slice(0, 7)} is older than ${served.slice(0, 7)}, which ${provider} serves now. Deploy a newer commit; if you mean to go back, roll back, or do so at ${provider} itself.`;
  return { code: 'older_than_live', sentence };
}

/** Somebody changed it there, in whichever direction: what counts as live here is not put over it by the way. */
export function servesAnother(provider: string, { number }: { number: number }): Refusal {
  const sentence = `${provider} serves another build than #${number}, which counts as live here, so nothing was started. How it is served stands on the component’s page, with what can be done.`;
  return { code: 'changed_there', sentence };
}

/** A host that refuses the commit that is live got it as a build from elsewhere, and can again. */
export function notTakenAgain(refusal: Refusal, { ref, isServed }: { ref: string; isServed: boolean }): Refusal {
  if (!isServed) return refusal;
  const sentence = `${refusal.sentence} What is live was built elsewhere and is served here as it is: deploy ${ref} once more where it was built, so that it takes in what changed, then promote that build.`;
  return { code: refusal.code, sentence };
}

/** What is shown before the click. */
export interface PromotionPlan {
  target: {
    id: string;
    label: string;
    component: { slug: string; name: string };
    environment: { slug: string; name: string; isProduction: boolean };
  };
  provider: string;
  current: DeploymentSummary | null;
  /** What went live elsewhere through the same host, and newer builds of this target; newest first. */
  candidates: DeploymentSummary[];
  /** Why nothing goes live by itself at the host now; null when it does, or the host was not asked. */
  held: string | null;
  /** Why the host could not be asked what it serves and keeps back, as a sentence; null when it was, or need not be. */
  unasked: string | null;
  /** Null until one is chosen. */
  chosen: {
    deployment: DeploymentSummary;
    /** `build`: served as it is. `rebuild`: its commit has to be built for this target. */
    how: 'build' | 'rebuild';
    /** In words, with why. */
    says: string;
    baked: BakedFact | null;
    sideEffects: string[];
    gates: GateView[];
    policy: { approvals: number; checklist: string[] };
    allowed: Allowed;
  } | null;
  /** New each time: one per click of intent. */
  idempotencyKey: string;
}

/** What the host does with it, in one sentence. */
export function promotionSays(
  how: 'build' | 'rebuild',
  provider: string,
  facts: { number: number; because: string | null },
) {
  const { number, because } = facts;
  if (how === 'build') return `${provider} leads its addresses to the build of #${number}; nothing is built.`;
  return `The build of #${number} is not served here: ${because ?? `${provider} serves no build again.`} Its commit can be built for this target.`;
}

/** What else a promotion does; what is taken over from another environment first. `on`: when it was built. */
export function promotionEffects(facts: {
  provider: string;
  environment: string;
  on: string;
  rendering: RenderingMode | null;
  /** The host starts it with the variables of now. */
  restarts: boolean;
  /** Whose variables it has, where they are not this target's: the host's word, and where it was deployed here. */
  variablesOf: { context: string; environment: string } | null;
}): string[] {
  const { provider, environment, on, variablesOf } = facts;
  const built = `when it was built (${on.slice(0, 10)})`;
  const taken =
    variablesOf && facts.rendering !== 'ssg'
      ? [
          `Its server code goes on with the variables of ${variablesOf.environment} (${provider}: ${variablesOf.context}), not with those of ${environment}: databases and keys, too. Deploy its commit instead where they differ.`,
        ]
      : [];
  return [
    ...taken,
    facts.restarts
      ? `${provider} starts it with the variables of now.`
      : `It runs with the variables that ${provider} had ${built}; a variable that changed since is not in it.`,
    `What ${provider} held back in ${environment} goes live by itself again from then on, where a promotion ends that hold.`,
  ];
}
