export const ACTIVE_STATUSES = [
  'awaiting_approval',
  'queued',
  'submitting',
  'building',
  'deploying',
  'verifying',
  'cancelling',
] as const;
export const TERMINAL_STATUSES = [
  'succeeded',
  'failed',
  'errored',
  'timed_out',
  'cancelled',
  'superseded',
  'rejected',
] as const;
/** Holds the target: at most one deployment per target is in one of these (partial unique index). */
export const IN_FLIGHT_STATUSES = ['submitting', 'building', 'deploying', 'verifying', 'cancelling'] as const;

export type ActiveStatus = (typeof ACTIVE_STATUSES)[number];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];
export type DeploymentStatus = ActiveStatus | TerminalStatus;

export const DEPLOYMENT_STATUSES = [...ACTIVE_STATUSES, ...TERMINAL_STATUSES] as const;

export function isTerminal(status: DeploymentStatus): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly string[]).includes(status);
}

export function isInFlight(status: DeploymentStatus): boolean {
  return (IN_FLIGHT_STATUSES as readonly string[]).includes(status);
}

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'neutral';
/** Icon names are lucide's; components map them, so the model stays free of React. */
export type StatusIcon =
  | 'hand'
  | 'clock'
  | 'send'
  | 'hammer'
  | 'rocket'
  | 'search-check'
  | 'ban'
  | 'check'
  | 'x'
  | 'cloud-off'
  | 'timer-off'
  | 'layers'
  | 'thumbs-down';

/** The one table of how a status reads; a status without a row does not compile. */
export const STATUS_VIEW = {
  awaiting_approval: {
    label: 'Awaiting approval',
    tone: 'warn',
    icon: 'hand',
    says: 'Waiting for approval before anything is sent.',
  },
  queued: { label: 'Queued', tone: 'neutral', icon: 'clock', says: 'Waiting for its turn on this target.' },
  submitting: { label: 'Submitting', tone: 'busy', icon: 'send', says: 'Being handed to the provider.' },
  building: { label: 'Building', tone: 'busy', icon: 'hammer', says: 'The provider is running it.' },
  deploying: { label: 'Deploying', tone: 'busy', icon: 'rocket', says: 'The provider is putting it live.' },
  verifying: {
    label: 'Verifying',
    tone: 'busy',
    icon: 'search-check',
    says: 'The provider says done; we are checking.',
  },
  cancelling: {
    label: 'Cancelling',
    tone: 'warn',
    icon: 'ban',
    says: 'Cancel requested; the provider has not confirmed yet.',
  },
  succeeded: { label: 'Succeeded', tone: 'good', icon: 'check', says: 'Live and verified.' },
  failed: { label: 'Failed', tone: 'bad', icon: 'x', says: 'The change failed.' },
  errored: {
    label: 'Errored',
    tone: 'bad',
    icon: 'cloud-off',
    says: 'The provider or this console failed, not the change.',
  },
  timed_out: { label: 'Timed out', tone: 'bad', icon: 'timer-off', says: 'It passed its deadline.' },
  cancelled: { label: 'Cancelled', tone: 'neutral', icon: 'ban', says: 'Cancelled by a person.' },
  superseded: {
    label: 'Superseded',
    tone: 'neutral',
    icon: 'layers',
    says: 'Something else took its place before it was sent.',
  },
  rejected: { label: 'Rejected', tone: 'neutral', icon: 'thumbs-down', says: 'Not approved.' },
} as const satisfies Record<DeploymentStatus, { label: string; tone: Tone; icon: StatusIcon; says: string }>;
