export type CheckState = 'success' | 'failure' | 'pending' | 'none';

/** What a vendor calls the checks that count; left out = all. */
export type CheckNames = readonly string[] | undefined;

/** One of the named checks that has not passed. `skipped`: or came out neutral; `unread`: nobody could look for it. */
export interface UnpassedCheck {
  name: string;
  stands: 'failed' | 'running' | 'skipped' | 'missing' | 'unread';
}

export interface ChecksSaid {
  checks: CheckState;
  /** Where names were asked for: those that keep `checks` from being a success. */
  unpassed?: readonly UnpassedCheck[] | undefined;
}
