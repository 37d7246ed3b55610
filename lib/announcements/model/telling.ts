import type { MarkForm } from '@/lib/providers/port';

/** What a provider is told about the deployments of a target; docs/github-objects.md says why `record` is the default. */
export const TELLINGS = ['nothing', 'record', 'record_and_commit', 'record_and_check'] as const;
export type Telling = (typeof TELLINGS)[number];

export const TELLING_VIEW: Record<Telling, string> = {
  nothing: 'Nothing',
  record: 'A deployment record',
  record_and_commit: 'A deployment record, and a status at the commit',
  record_and_check: 'A deployment record, and a check at the commit',
};

/** How the commit is told; null: not at all. Where no check can be written a status stands in its place. */
export function formOf(telling: Telling, can: Record<MarkForm, boolean>): MarkForm | null {
  if (telling === 'record_and_check' && can.check) return 'check';
  return (telling === 'record_and_check' || telling === 'record_and_commit') && can.status ? 'status' : null;
}
