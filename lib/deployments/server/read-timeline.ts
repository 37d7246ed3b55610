import 'server-only';
import type { events } from '@/lib/db/schema';
import { DEPLOYMENT_STATUSES, type DeploymentStatus } from '../model/status';
import type { TimelineEntry } from '../model/view';

type EventRow = typeof events.$inferSelect;

/** One event of a deployment as a sentence. An event may bring its own in `data.sentence`. */
export function toTimelineEntry(row: EventRow): TimelineEntry {
  const toStatus = asStatus(row.toStatus);
  return {
    id: row.id,
    at: row.at.toISOString(),
    kind: row.kind,
    fromStatus: asStatus(row.fromStatus),
    toStatus,
    actorName: row.actorName,
    sentence: ownSentence(row) ?? (toStatus ? SAYS[toStatus](row.actorName) : otherSentence(row)),
  };
}

function ownSentence(row: EventRow): string | null {
  const sentence = row.data.sentence;
  return typeof sentence === 'string' && sentence !== '' ? sentence : null;
}

function otherSentence(row: EventRow): string {
  if (row.kind === 'pinned')
    return `${row.actorName} holds the target there: new deployments wait until someone lifts the pin.`;
  return row.kind.replaceAll('_', ' ').replaceAll('.', ' ');
}

function asStatus(value: string | null): DeploymentStatus | null {
  return DEPLOYMENT_STATUSES.find((status) => status === value) ?? null;
}

const SAYS: Record<DeploymentStatus, (actor: string) => string> = {
  awaiting_approval: (actor) => `${actor} asked for it; it waits for approval.`,
  queued: (actor) => `${actor} asked for it; it waits for its turn.`,
  submitting: () => 'It is being handed to the provider.',
  building: () => 'The provider started the run.',
  deploying: () => 'The provider began to put it live.',
  verifying: () => 'The provider says it is done; the result is being checked.',
  cancelling: (actor) => `${actor} asked to cancel it.`,
  succeeded: () => 'It is live and verified.',
  failed: () => 'It failed.',
  errored: () => 'The provider or this console failed.',
  timed_out: () => 'It passed its deadline.',
  cancelled: () => 'It was cancelled.',
  superseded: () => 'Something else took its place before it was sent.',
  rejected: (actor) => `${actor} rejected it.`,
};
