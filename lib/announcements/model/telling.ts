/** What a provider is told about the deployments of a target; docs/github-objects.md says why `record` is the default. */
export const TELLINGS = ['nothing', 'record', 'record_and_commit'] as const;
export type Telling = (typeof TELLINGS)[number];

export const TELLING_VIEW: Record<Telling, string> = {
  nothing: 'Nothing',
  record: 'A deployment record',
  record_and_commit: 'A deployment record, and a status at the commit',
};
