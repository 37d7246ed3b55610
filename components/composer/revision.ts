import type { RevisionOption } from '@/lib/deployments/model/view';

/** What the person chose. Without a commit it is the newest of the ref, until the plan has said which one that is. */
export interface ChosenRevision {
  ref: string;
  refKind: 'branch' | 'tag';
  sha: string | null;
}

/** A commit of a ref, not the ref itself: its label is a message. */
export function isCommitOption(option: RevisionOption): boolean {
  return option.label !== option.ref;
}

export function optionId(option: RevisionOption): string {
  return `${isCommitOption(option) ? 'commit' : option.refKind}:${option.ref}:${option.sha}`;
}

export function chosenFrom(option: RevisionOption): ChosenRevision {
  return { ref: option.ref, refKind: option.refKind, sha: isCommitOption(option) ? option.sha : null };
}

export function planPath(targetId: string, revision: ChosenRevision): string {
  const query = new URLSearchParams({ ref: revision.ref, ...(revision.sha ? { sha: revision.sha } : {}) });
  return `/api/v1/targets/${encodeURIComponent(targetId)}/plan?${query}`;
}
