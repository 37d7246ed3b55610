/**
 * One line as the chain sees it: every column as the text that Postgres gives for it, in this order. `at` is microseconds
 * since 1970; `data` is the jsonb as Postgres prints it, so that no reader has to agree on how to write JSON.
 */
export interface ChainLine {
  id: string;
  at: string;
  actorKind: string;
  actorId: string | null;
  actorName: string;
  action: string;
  resourceKind: string;
  resourceId: string | null;
  environment: string | null;
  outcome: string;
  code: string | null;
  sentence: string;
  data: string;
  requestId: string | null;
  ip: string | null;
}

export const CHAIN_FIELDS = [
  'id',
  'at',
  'actorKind',
  'actorId',
  'actorName',
  'action',
  'resourceKind',
  'resourceId',
  'environment',
  'outcome',
  'code',
  'sentence',
  'data',
  'requestId',
  'ip',
] as const satisfies readonly (keyof ChainLine)[];

/** What stands before the first link: 32 zero bytes, in hex. */
export const GENESIS = '0'.repeat(64);
