import { type DeploymentStatus, STATUS_VIEW } from './status';

/** Why what counts as live may not be what is there: something went there after it, or was found there. */
export type Doubt =
  /** `reached`: the provider had said of it, or of one before it, that it was done. `drift`: what was found there besides. */
  | { by: 'sent'; number: number; status: DeploymentStatus; reached: boolean; drift: string | null }
  | { by: 'drift'; sentence: string }
  | { by: 'host'; label: string };

/** What ended so may have left half of each. */
export const LEAVES_DOUBT = ['failed', 'timed_out', 'errored', 'cancelled'] as const satisfies DeploymentStatus[];

/** A host's word counts for more than our books; but it may switch to what is being checked at any moment. */
export function doubtAfter(
  books: Doubt | null,
  host: { isServed: boolean; isElse: boolean; label: string },
): Doubt | null {
  if (host.isElse) return { by: 'host', label: host.label };
  return host.isServed && !(books?.by === 'sent' && books.status === 'verifying') ? null : books;
}

/**
 * Whether what counts as live is the likeliest way back: something else is there. Where a later one only ended on its way, what
 * counts as live may be the very thing that somebody wants to leave.
 */
export function isFirstWayBack(doubt: Doubt): boolean {
  return doubt.by !== 'sent' || doubt.reached || doubt.drift !== null;
}

/** Why what counts as live is among those that can be gone back to. */
export function offeredSays({ number }: { number: number }, doubt: Doubt): string {
  const again = `so #${number}, which counts as live here, can be put there once more.`;
  switch (doubt.by) {
    case 'host':
      return `${doubt.label} serves another build, ${again}`;
    case 'drift':
      return `Something else was found there, ${again} ${doubt.sentence}`.trim();
    case 'sent':
      return sentSays(doubt, again);
  }
}

function sentSays({ number, status, drift }: Extract<Doubt, { by: 'sent' }>, again: string): string {
  const how = status === 'verifying' ? 'is not proven live' : `ended as ${STATUS_VIEW[status].label.toLowerCase()}`;
  const sent = `#${number} was sent there after it and ${how}`;
  if (drift !== null) return `${sent}, and something else was found there, ${again} ${drift}`.trim();
  return status === 'verifying' ? `${sent}, ${again}` : `${sent}: what is there may be half of each, ${again}`;
}
