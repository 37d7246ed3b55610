import type { Refusal } from '@/lib/kernel/errors';
import { canRequestCancel } from './machine';
import { type DeploymentStatus, isInFlight, isTerminal, STATUS_VIEW } from './status';
import type { Allowed, PinView } from './view';

const yes: Allowed = { allowed: true, refusal: null };

function no(code: string, sentence: string): Allowed {
  return { allowed: false, refusal: { code, sentence } };
}

function firstRefusal(...checks: (Allowed | null)[]): Allowed {
  return checks.find((check) => check !== null && !check.allowed) ?? yes;
}

/** What decides whether a target can be deployed to at all. */
export interface GateFacts {
  environmentName: string;
  mayRequest: boolean;
  connection: { name: string; state: 'unchecked' | 'ok' | 'failing'; hasCredential: boolean; problem?: string | null };
  pins: Pick<PinView, 'kind' | 'by' | 'reason' | 'until'>[];
  /** Null while the provider was not asked (the matrix does not). */
  canDeploy?: boolean | null;
  providerLabel?: string;
}

/** May a new deployment be asked for on this target? A deployment in flight is no obstacle: the new one waits its turn. */
export function deployGate(facts: GateFacts): Allowed {
  return firstRefusal(
    mayOr(facts.mayRequest, 'deploy', facts.environmentName),
    connectionWorks(facts),
    facts.canDeploy === false
      ? no(
          'unsupported',
          `${facts.providerLabel ?? 'This provider'} cannot start deployments. An administrator can bind the target to another connection.`,
        )
      : null,
    pinned(facts.pins, ['lock', 'freeze', 'rollback']),
  );
}

function mayOr(may: boolean, verb: string, where: string): Allowed {
  if (may) return yes;
  return no('forbidden', `You may not ${verb} in ${where}. An administrator can give you the operator role there.`);
}

function connectionWorks(facts: GateFacts): Allowed {
  const { name, state, hasCredential, problem } = facts.connection;
  if (!hasCredential) {
    return no(
      'no_credential',
      `The connection “${name}” has no credential. An administrator can enter one under Connections.`,
    );
  }
  if (state !== 'failing') return yes;
  const why = problem ? ` ${problem}` : '';
  return no(
    'connection_failing',
    `The connection “${name}” does not work.${why} An administrator can repair it under Connections.`,
  );
}

const PIN_SAYS = {
  lock: 'Locked',
  freeze: 'Frozen',
  rollback: 'Held after a roll-back',
  provider: 'Held at the provider',
} as const;

function pinned(pins: GateFacts['pins'], kinds: PinView['kind'][]): Allowed {
  const pin = pins.find((each) => kinds.includes(each.kind));
  if (!pin) return yes;
  const until = pin.until ? ` It ends by itself at ${pin.until.slice(0, 16).replace('T', ' ')} UTC.` : '';
  return no(
    `pinned_${pin.kind}`,
    `${PIN_SAYS[pin.kind]} by ${pin.by}: ${pin.reason}.${until} ${pin.by}, an approver or an administrator can lift it.`,
  );
}

/** What decides about one past or present deployment. */
export interface DeploymentFacts extends GateFacts {
  status: DeploymentStatus;
  attention: 'unknown_outcome' | null;
  hasRun: boolean;
  isCurrent: boolean;
  cancelRequestedBy: string | null;
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
  approve?: boolean;
  overrideFreeze?: boolean;
}

export interface Eligibility {
  cancel: Allowed;
  retry: Allowed;
  redeploy: Allowed;
  rollBack: Allowed;
  resolve: Allowed;
  approve: Allowed;
  reject: Allowed;
  overrideFreeze: Allowed;
}

/** Every control of the deployment page and every verb ask this same function. */
export function eligibility(facts: DeploymentFacts, may: May): Eligibility {
  return {
    cancel: cancel(facts, may),
    retry: retry(facts, may),
    redeploy: redeploy(facts, may),
    rollBack: rollBack(facts, may),
    resolve: resolve(facts, may),
    approve: decide(facts, may, 'approve'),
    reject: decide(facts, may, 'reject'),
    overrideFreeze: overrideFreeze(facts, may),
  };
}

const label = (status: DeploymentStatus) => STATUS_VIEW[status].label.toLowerCase();

function cancel(facts: DeploymentFacts, may: May): Allowed {
  if (isTerminal(facts.status))
    return no('already_over', `It is already ${label(facts.status)}; there is nothing to cancel.`);
  if (facts.status === 'cancelling') {
    return no(
      'already_cancelling',
      `${facts.cancelRequestedBy ?? 'Someone'} asked to cancel it; the provider has not confirmed yet.`,
    );
  }
  if (!canRequestCancel(facts.status)) {
    return no(
      'too_late',
      'The provider has finished; it is being checked and can no longer be cancelled. Roll back once it has ended.',
    );
  }
  return firstRefusal(
    mayOr(may.cancel, 'cancel', facts.environmentName),
    isInFlight(facts.status) && !facts.capabilities.cancel
      ? no('unsupported', `${facts.providerLabel ?? 'The provider'} cannot cancel a run once it has started.`)
      : null,
  );
}

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
      `Deployment #${facts.newerLive} went live since; a retry would put the older commit over it. Deploy this commit again if you mean to.`,
    );
  return firstRefusal(
    mayOr(may.retry, 'retry', facts.environmentName),
    targetFree(facts),
    connectionWorks(facts),
    pinned(facts.pins, ['lock', 'freeze']),
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
  return deployGate({ ...facts, mayRequest: may.request });
}

function rollBack(facts: DeploymentFacts, may: May): Allowed {
  if (facts.isCurrent) return no('is_current', 'This is what is live now.');
  if (facts.status !== 'succeeded') {
    return no(
      'never_live',
      isTerminal(facts.status)
        ? `It was ${label(facts.status)} and never went live; choose one that succeeded.`
        : 'It is not live yet; there is nothing to go back to.',
    );
  }
  return firstRefusal(
    mayOr(may.rollBack, 'roll back', facts.environmentName),
    connectionWorks(facts),
    pinned(facts.pins, ['lock', 'freeze']),
  );
}

function resolve(facts: DeploymentFacts, may: May): Allowed {
  if (facts.attention === null) return no('not_unknown', 'Its outcome is known; there is nothing to settle.');
  return mayOr(may.resolve, 'settle an unknown outcome', facts.environmentName);
}

function decide(facts: DeploymentFacts, may: May, verb: 'approve' | 'reject'): Allowed {
  if (facts.status !== 'awaiting_approval') {
    return no('not_waiting', `It is ${label(facts.status)}; nobody is asked to ${verb} it.`);
  }
  return mayOr(may.approve ?? false, verb, facts.environmentName);
}

function overrideFreeze(facts: DeploymentFacts, may: May): Allowed {
  if (facts.status !== 'queued' && facts.status !== 'awaiting_approval') {
    return no('not_waiting', `It is ${label(facts.status)}; no freeze holds it.`);
  }
  return mayOr(may.overrideFreeze ?? false, 'override a freeze', facts.environmentName);
}

/** The refusal of a check as a value; null when it is allowed. */
export function refusalOf(check: Allowed): Refusal | null {
  return check.allowed ? null : check.refusal;
}
