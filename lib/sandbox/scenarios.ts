import type { Scenario } from '@/lib/providers/port';

const happy: Scenario = {
  name: 'happy',
  pace: 1,
  outcome: 'success',
  acceptThen502: 0,
  acceptThenCut: 0,
  acceptThenStallMs: 30_000,
  acceptThenStall: 0,
  refuse: 0,
  listLagMs: 0,
  rateLimited: false,
  down: false,
  liveLagMs: 0,
  neverLive: false,
  webhooks: { lose: 0, duplicate: 0, reorder: 0, delayMs: 150 },
};

const changes = {
  happy: {},
  'slow-build': { pace: 6 },
  fails: { outcome: 'failure' },
  flaky: { outcome: 'flaky' },
  'rate-limited': { rateLimited: true },
  'secondary-limited': { rateLimited: 'secondary' },
  'accepted-then-502': { acceptThen502: 1 },
  'accepted-then-cut': { acceptThenCut: 1 },
  'accepted-then-stall': { acceptThenStall: 1 },
  refuses: { refuse: 1 },
  'list-lag': { acceptThen502: 1, listLagMs: 8_000 },
  'webhooks-lost': { webhooks: { ...happy.webhooks, lose: 1 } },
  'webhooks-chaos': { webhooks: { lose: 0.1, duplicate: 0.5, reorder: 0.6, delayMs: 800 } },
  down: { down: true },
  incident: { incident: true, pace: 3 },
  'runners-away': { runnersAway: true },
  'live-late': { liveLagMs: 20_000 },
  'never-live': { neverLive: true },
  regression: { regression: true },
  'gallery-rejects': { gallery: 'rejects' },
  'gallery-quarantines': { gallery: 'quarantines' },
} as const satisfies Record<string, Partial<Scenario>>;

export type ScenarioName = keyof typeof changes;

/** How the vendors may behave, by name. */
export const scenarios = Object.fromEntries(
  Object.entries(changes).map(([name, change]) => [name, { ...happy, ...change, name }]),
) as Record<ScenarioName, Scenario>;

/** A partial override; `webhooks` is merged by its own fields. */
export type ScenarioOverride = Partial<Omit<Scenario, 'webhooks'>> & { webhooks?: Partial<Scenario['webhooks']> };

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(changes, name);
}

/**
 * The scenario of that name, changed by an override; `base` replaces the look-up by name.
 * @throws Error when the name is not known; the message lists those that are.
 */
export function scenario(name: string, override: ScenarioOverride = {}, base?: Scenario): Scenario {
  if (!base && !isScenarioName(name))
    throw new Error(`There is no scenario "${name}". Choose one of: ${Object.keys(changes).join(', ')}.`);
  const start: Scenario = base ?? scenarios[name as ScenarioName];
  return { ...start, ...override, name, webhooks: { ...start.webhooks, ...override.webhooks } };
}
