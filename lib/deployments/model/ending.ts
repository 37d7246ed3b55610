import { no, yes } from './allowed';
import { canRequestCancel } from './machine';
import { type DeploymentStatus, isInFlight, isTerminal, STATUS_VIEW } from './status';
import type { Allowed } from './view';

/** What decides how one can be ended before its time. */
export interface EndingFacts {
  status: DeploymentStatus;
  cancelRequestedBy: string | null;
  /** The gallery has what it publishes: no run is left that could be stopped. */
  isAtGallery?: boolean;
  /** It was claimed, and its provider took nothing: every request was refused. */
  isUntaken?: boolean;
  /** It runs, or was asked to stop, for longer than that usually takes. */
  isOverlong?: boolean;
  providerLabel?: string;
  capabilities: { cancel: boolean };
}

/** What runs for longer than this, and cannot be cancelled, can be left to itself: `DEADLINE_MS` in words. */
const LONGER_THAN: Partial<Record<DeploymentStatus, string>> = {
  building: 'After two hours of building',
  deploying: 'After one hour of deploying',
  cancelling: 'Half an hour after that was asked for',
};

const label = (status: DeploymentStatus) => STATUS_VIEW[status].label.toLowerCase();

/** The way out that there is instead of a cancel, or from when on there is one. */
function leftToItself({ status, isOverlong }: EndingFacts): string {
  if (isOverlong) return ' Stop waiting leaves it to itself.';
  const when = LONGER_THAN[status];
  return when ? ` ${when} it can be left to itself by Stop waiting.` : '';
}

/** Whether a cancel can be asked for, whoever asks. */
export function cancellable(facts: EndingFacts): Allowed {
  const { status, capabilities, providerLabel = 'The provider' } = facts;
  if (isTerminal(status)) return no('not_cancellable', `It is already ${label(status)}; there is nothing to cancel.`);
  if (status === 'cancelling') {
    const asked = `${facts.cancelRequestedBy ?? 'Someone'} asked to cancel it; the provider has not confirmed yet.`;
    return no('already_cancelling', asked + leftToItself(facts));
  }
  if (!canRequestCancel(status)) {
    return no(
      'not_cancellable',
      'The provider has finished; it is being checked and can no longer be cancelled. Stop waiting for the check, or roll back.',
    );
  }
  if (facts.isAtGallery) {
    const sentence =
      'The gallery has it already, and what it does with it cannot be cancelled. Wait for its end, or take it back on the page of the package.';
    return no('at_gallery', sentence + leftToItself(facts));
  }
  // Whose every request was refused runs nowhere: there is nothing that could not be called off.
  if (isInFlight(status) && !facts.isUntaken && !capabilities.cancel)
    return no('unsupported', `${providerLabel} cannot cancel a run once it has started.${leftToItself(facts)}`);
  return yes;
}

/**
 * Of a check that would go on for its whole time, or of what runs overlong and cannot be cancelled (any more): what is done
 * at the provider stays done.
 */
export function leavable(facts: EndingFacts): Allowed {
  const { status } = facts;
  if (status === 'verifying') return yes;
  if (isTerminal(status)) return no('not_verifying', `It has ended (${label(status)}); there is no check to wait for.`);
  const cancel = cancellable(facts);
  if (cancel.allowed) return no('not_verifying', `It is ${label(status)}; no check is waited for. Cancel it instead.`);
  return facts.isOverlong ? yes : no('not_verifying', cancel.refusal?.sentence ?? '');
}
