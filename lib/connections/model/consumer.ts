/**
 * What a request to a provider is for. `engine` sends and settles deployments, `watch` looks at running ones, `reconcile`
 * looks at what is live, `survey` asks what is only good to know, `announce` tells what became of deployments; the others are people.
 */
export type Consumer =
  | 'engine'
  | 'watch'
  | 'reconcile'
  | 'survey'
  | 'announce'
  | `person:${string}`
  | `token:${string}`;

/** Looks nobody waits for: these give way when what the console does by itself nears the connection's budget. */
export const BACKGROUND = ['watch', 'reconcile', 'survey', 'announce'] as const satisfies readonly Consumer[];

/** What the console does by itself; its sum is what the budget is about. Only the looks are ever held up for it. */
export const AUTOMATIC = ['engine', ...BACKGROUND] as const satisfies readonly Consumer[];

export function isAutomatic(consumer: Consumer): boolean {
  return (AUTOMATIC as readonly string[]).includes(consumer);
}

export function isBackground(consumer: Consumer): boolean {
  return (BACKGROUND as readonly string[]).includes(consumer);
}

/** Part of the share that may be used at once; the rest is let go evenly over the hour. */
const AT_ONCE = 0.4;
/** Part of the share after which details are shown as they were last seen, and what is only good to know is not asked. */
const DETAIL_PART = 0.5;
const HOUR_MS = 3_600_000;

export interface Budget {
  /** The vendor's limit for an hour. */
  limit: number;
  /** Share of it for what the console does by itself, in percent. */
  percent: number;
  /** Charged to that since the hour began. */
  used: number;
  /** Part of that share after which this read waits, 0…1; all of it where left out. */
  part?: number;
  /** Since the hour began. Milliseconds. */
  elapsedMs: number;
}

/** Which part of the share a background read may still use; `detail`: it is about what may be a little old. */
export function partOf(consumer: Consumer, detail: boolean): number {
  return detail || consumer === 'survey' || consumer === 'announce' ? DETAIL_PART : 1;
}

/** How often a vendor gives a limit anew within an hour. */
export const windowsAnHour = (limitsFor: 'minute' | undefined) => (limitsFor === 'minute' ? 60 : 1);

/** Nothing is deployed through a connection that has no more than these: nothing has to be kept free for that. */
const MEASURING = ['health', 'notes'];

export function onlyMeasures({ capabilities }: { capabilities: object }): boolean {
  return Object.keys(capabilities).every((each) => MEASURING.includes(each));
}

/** Requests an hour that the console may use by itself. */
export function budgetOf(limit: number, percent: number): number {
  return Math.max(1, Math.floor((limit * percent) / 100));
}

/**
 * Milliseconds until the next background read, 0 when it may go now. The share is spent evenly, so that a busy quarter of
 * an hour slows the looks down instead of ending them; by the end of an hour no more than the share is gone.
 */
export function budgetWaitMs({ limit, percent, used, elapsedMs, part = 1 }: Budget): number {
  const share = budgetOf(limit, percent * part);
  if (used >= share) return HOUR_MS - elapsedMs;
  const dueAt = ((used + 1) / share - AT_ONCE) / (1 - AT_ONCE);
  return Math.max(0, Math.ceil(dueAt * HOUR_MS - elapsedMs));
}

/** Part of every limit that is left to sending, settling and watching deployments. Percent. */
const RESERVE_PERCENT = 20;
/** What one person, or one token, may read in an hour of the connection's largest limit. Percent. */
const OWN_PERCENT = 25;

/**
 * Requests an hour in which others are told what became of deployments. GitHub takes about 500 an hour that make something, from
 * everybody who uses a credential, and what it then says stops deploying as well. Source:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export const TELLINGS_AN_HOUR = 200;

/** How long telling has to wait before it writes, in milliseconds, and why; null when it may go. */
export function tellWait(about: Looking): { waitMs: number; why: 'reserve' | 'telling' } | null {
  const { limit, remaining, resetMs, mine, elapsedMs } = about;
  if (limit > 0 && resetMs > 0 && remaining < (limit * RESERVE_PERCENT) / 100)
    return { waitMs: resetMs, why: 'reserve' };
  const waitMs = budgetWaitMs({ limit: TELLINGS_AN_HOUR, percent: 100, used: mine, elapsedMs });
  return waitMs > 0 ? { waitMs, why: 'telling' } : null;
}

/**
 * How long a look that nobody waits for has to wait where a connection only measures, in milliseconds. Of a short line of
 * numbers a share would be no measurement, so it goes by what the vendor says is left; a fifth is for everybody else there.
 */
export function measureWait({ limit, remaining, resetMs }: Pick<Looking, 'limit' | 'remaining' | 'resetMs'>): number {
  return resetMs > 0 && remaining < (limit * RESERVE_PERCENT) / 100 ? resetMs : 0;
}

export interface Looking {
  limit: number;
  /** Of that limit, as the vendor said last. */
  remaining: number;
  /** Until the vendor's window ends, in milliseconds; not above 0: it has ended, `remaining` is of the past. */
  resetMs: number;
  /** The largest of the connection's limits, for an hour. */
  largest: number;
  /** Charged to this person or token since the hour began. */
  mine: number;
  /** Since the hour began. Milliseconds. */
  elapsedMs: number;
}

/** How long what somebody only wants to see has to wait, in milliseconds, and why; null when it may go. */
export function lookWait(about: Looking): { waitMs: number; why: 'reserve' | 'share' } | null {
  if (about.mine >= Math.max(1, (about.largest * OWN_PERCENT) / 100))
    return { waitMs: HOUR_MS - about.elapsedMs, why: 'share' };
  const short = about.remaining < (about.limit * RESERVE_PERCENT) / 100;
  return short && about.resetMs > 0 ? { waitMs: about.resetMs, why: 'reserve' } : null;
}
