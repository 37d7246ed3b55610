import type { GateFacts } from '@/lib/gates/model/facts';
import type { GateKind } from '@/lib/gates/model/gate';
import { firstClosed, freezesHolding, gates } from '@/lib/gates/model/gates';
import type { Refusal } from '@/lib/kernel/errors';
import { firstRefusal, mayOr, no, yes } from './allowed';
import type { Doubt } from './doubt';
import { cancellable, type EndingFacts, leavable } from './ending';
import { type DeploymentStatus, isTerminal, STATUS_VIEW } from './status';
import type { Allowed } from './view';

export type { GateFacts };

/** May a new deployment be asked for on this target? A deployment in flight is no obstacle: the new one waits its turn. */
export function deployGate(facts: GateFacts): Allowed {
  const refusal = firstClosed(gates(facts));
  return refusal ? { allowed: false, refusal } : yes;
}

/** Whether a freeze alone refuses it: whoever may override one can let it through there, with a reason. */
export function isOnlyFrozen(facts: GateFacts): boolean {
  const closed = gates(facts).filter(({ state }) => state === 'closed');
  return closed.length > 0 && closed.every(({ overridable }) => overridable);
}

/** What decides about one past or present deployment. */
export interface DeploymentFacts extends GateFacts, EndingFacts {
  attention: 'unknown_outcome' | null;
  hasRun: boolean;
  isCurrent: boolean;
  /** It publishes a package: a gallery gives everybody the highest version, so nothing there goes back to an earlier one. */
  isPublication?: boolean;
  /** It counts as live here, and something after it makes that doubtful. */
  doubt?: Doubt | null;
  /** A roll-back, or a re-run of one. */
  goesBack: boolean;
  /** Its run stands before people at the provider: what holds here keeps it from being let through there. */
  isHeld?: boolean;
  /** The reader asked for it, also through a token of theirs. */
  isRequester: boolean;
  /** The reader's own approval counts already. */
  hasApproved: boolean;
  /** Number of another deployment that holds the target now. */
  otherInFlight: number | null;
  /** Number of a later deployment that is live on the target now. */
  newerLive: number | null;
  capabilities: { cancel: boolean; retry: boolean };
}

export interface May {
  cancel: boolean;
  retry: boolean;
  request: boolean;
  rollBack: boolean;
  resolve: boolean;
  approve: boolean;
  overrideFreeze: boolean;
}

export interface Eligibility {
  cancel: Allowed;
  stopWaiting: Allowed;
  retry: Allowed;
  redeploy: Allowed;
  /** To it. */
  rollBack: Allowed;
  /** From it to another one; which one, and what that one lacks, is said where it is chosen. */
  rollBackFrom: Allowed;
  resolve: Allowed;
  approve: Allowed;
  reject: Allowed;
  overrideFreeze: Allowed;
  tick: Allowed;
}

/** Every control of the deployment page and every verb ask this same function. */
export function eligibility(facts: DeploymentFacts, may: May): Eligibility {
  return {
    cancel: firstRefusal(cancellable(facts), mayOr(may.cancel, 'cancel', facts.environmentName)),
    stopWaiting: firstRefusal(leavable(facts), mayOr(may.cancel, 'stop waiting', facts.environmentName)),
    retry: retry(facts, may),
    redeploy: redeploy(facts, may),
    rollBack: rollBack(facts, may),
    rollBackFrom: rollBackFrom(facts, may),
    resolve: resolve(facts, may),
    approve: decide(facts, may, 'approve'),
    reject: decide(facts, may, 'reject'),
    overrideFreeze: overrideFreeze(facts, may),
    tick: tick(facts, may),
  };
}

const label = (status: DeploymentStatus) => STATUS_VIEW[status].label.toLowerCase();

const RETRYABLE: readonly DeploymentStatus[] = ['failed', 'timed_out', 'errored', 'cancelled'];

function retry(facts: DeploymentFacts, may: May): Allowed {
  if (!isTerminal(facts.status))
    return no('not_over', 'It is still on its way. Retry becomes possible when it has ended.');
  if (!RETRYABLE.includes(facts.status))
    return no('nothing_failed', `It is ${label(facts.status)}; there are no failed jobs to run again.`);
  if (!facts.hasRun)
    return no(
      'no_run',
      'The provider never started a run for it, so there is nothing to retry. Deploy the same commit again instead.',
    );
  if (!facts.capabilities.retry)
    return no(
      'unsupported',
      `${facts.providerLabel ?? 'The provider'} cannot re-run failed jobs. Deploy the same commit again instead.`,
    );
  if (facts.newerLive !== null)
    return no(
      'newer_is_live',
      `Deployment #${facts.newerLive} went live since; a retry would put back what was asked for before it. Deploy this commit again if you mean to.`,
    );
  return firstRefusal(
    mayOr(may.retry, 'retry', facts.environmentName),
    targetFree(facts),
    deployGate({
      ...facts,
      kind: facts.goesBack ? 'rollback' : 'retry',
      mayRequest: true,
      canDeploy: null,
      freezeOverride: null,
    }),
  );
}

function targetFree(facts: DeploymentFacts): Allowed {
  if (facts.otherInFlight === null) return yes;
  return no(
    'target_busy',
    `Deployment #${facts.otherInFlight} is on its way to this target. Wait until it has ended, or cancel it.`,
  );
}

function redeploy(facts: DeploymentFacts, may: May): Allowed {
  if (!isTerminal(facts.status))
    return no('not_over', 'It is still on its way. Wait until it has ended, or cancel it.');
  return deployGate({ ...facts, kind: 'deploy', mayRequest: may.request, freezeOverride: null, ticked: [] });
}

export const ONLY_UPWARDS = {
  code: 'only_upwards',
  sentence:
    'A gallery gives everybody the highest version, so an earlier one cannot be put live again. Open its package under Extensions, make it again with the next number, and publish that.',
} as const;

function rollBack(facts: DeploymentFacts, may: May): Allowed {
  // What else went there, or may have, is what breaks: then this is what to go back to.
  if (facts.isCurrent && !facts.doubt) return no('is_current', 'This is what is live now.');
  if (facts.status !== 'succeeded') {
    return no(
      'never_live',
      isTerminal(facts.status)
        ? `It was ${label(facts.status)} and never went live; choose one that succeeded.`
        : 'It is not live yet; there is nothing to go back to.',
    );
  }
  if (facts.isPublication) return no(ONLY_UPWARDS.code, ONLY_UPWARDS.sentence);
  return firstRefusal(
    mayOr(may.rollBack, 'roll back', facts.environmentName),
    deployGate({ ...facts, kind: 'rollback', mayRequest: true, canDeploy: null, freezeOverride: null, ticked: null }),
  );
}

const KEEPS: readonly GateKind[] = ['connection', 'lock'];

/** What keeps every roll-back of its target from going, whichever it goes to. */
function rollBackFrom(facts: DeploymentFacts, may: May): Allowed {
  const allowed = mayOr(may.rollBack, 'roll back', facts.environmentName);
  if (!allowed.allowed) return allowed;
  const asked = { ...facts, kind: 'rollback', mayRequest: true, canDeploy: null } as const;
  const refusal = firstClosed(gates(asked).filter(({ kind }) => KEEPS.includes(kind)));
  return refusal ? { allowed: false, refusal } : yes;
}

function resolve(facts: DeploymentFacts, may: May): Allowed {
  if (facts.attention === null) return no('not_unknown', 'Its outcome is known; there is nothing to settle.');
  return mayOr(may.resolve, 'settle an unknown outcome', facts.environmentName);
}

function decide(facts: DeploymentFacts, may: May, verb: 'approve' | 'reject'): Allowed {
  if (facts.status !== 'awaiting_approval') {
    return no('not_waiting', `It is ${label(facts.status)}; nobody is asked to ${verb} it.`);
  }
  return firstRefusal(
    mayOr(may.approve, verb, facts.environmentName, 'approver'),
    facts.isRequester
      ? no('own_request', `You asked for it, so somebody else has to ${verb} it. You can cancel it.`)
      : null,
    verb === 'approve' && facts.hasApproved
      ? no('already_approved', 'You have approved it; it waits for other people.')
      : null,
  );
}

function overrideFreeze(facts: DeploymentFacts, may: May): Allowed {
  if (facts.status !== 'queued' && facts.status !== 'awaiting_approval' && !facts.isHeld) {
    return no('not_waiting', `It is ${label(facts.status)}; no freeze holds it.`);
  }
  if (freezesHolding(facts.pins, facts.freezeOverride).length === 0) {
    return facts.freezeOverride
      ? no('already_overridden', `${facts.freezeOverride.by} lets it through the freeze already.`)
      : no('not_frozen', `No freeze holds in ${facts.environmentName} now.`);
  }
  return mayOr(may.overrideFreeze, 'override a freeze', facts.environmentName, 'administrator');
}

/** Who may ask for a deployment may also say that what it needs was done. */
function tick(facts: DeploymentFacts, may: May): Allowed {
  if (facts.status !== 'queued' && facts.status !== 'awaiting_approval')
    return no('not_waiting', `It is ${label(facts.status)}; its checklist counts no more.`);
  const asked = facts.policy?.checklist ?? [];
  if (asked.length === 0) return no('no_checklist', `${facts.environmentName} has no checklist.`);
  if (asked.every((item) => facts.ticked?.includes(item)))
    return no('checklist_done', 'Every item of the checklist is ticked.');
  return mayOr(may.request, 'tick a checklist', facts.environmentName);
}

/** A run that appeared after its deployment had ended; `askedBy`: somebody has asked the provider to stop it. */
export function cancelLateRun(facts: DeploymentFacts, may: May, askedBy: string | null): Allowed {
  if (askedBy !== null) return no('already_cancelling', `${askedBy} asked the provider to cancel it.`);
  return firstRefusal(
    mayOr(may.cancel, 'cancel', facts.environmentName),
    facts.capabilities.cancel
      ? null
      : no('unsupported', `${facts.providerLabel ?? 'The provider'} cannot cancel a run once it has started.`),
  );
}

/** The refusal of a check as a value; null when it is allowed. */
export function refusalOf(check: Allowed): Refusal | null {
  return check.allowed ? null : check.refusal;
}
