import type { SimulatorWorld } from '../../port';

export interface SentryOptions {
  seed: number;
  /** Slugs of the projects. */
  projects: readonly string[];
  /** How a project does in an environment at a moment; null = there is no such place. */
  stateOf(project: string, environment: string, at: number): 'good' | 'bad' | null;
}

const FLAGS = [
  'Feedbacks',
  'Flags',
  'MinifiedStackTrace',
  'Monitors',
  'NewFeedbacks',
  'Profiles',
  'Replays',
  'Sessions',
];
const INSIGHTS = [
  'AgentMonitoring',
  'AppStart',
  'Assets',
  'Caches',
  'Db',
  'Http',
  'MCP',
  'Queues',
  'ScreenLoad',
  'Vitals',
];

export function projects({ projects: slugs }: SentryOptions): object[] {
  const has = [...FLAGS, 'Logs', 'TraceMetrics', 'UserReports', ...INSIGHTS.map((each) => `Insights${each}`)];
  return slugs.map((slug, index) => ({
    ...{ id: String(index + 1), slug, name: slug, platform: null, platforms: [], dateCreated: '2026-01-01T00:00:00Z' },
    ...{ access: [], environments: ['production'], features: [], firstEvent: null, firstTransactionEvent: true },
    ...{ hasAccess: true, isBookmarked: false, isMember: true, latestRelease: null, team: null, teams: [] },
    ...Object.fromEntries(has.map((each) => [`has${each}`, each === 'Sessions'])),
  }));
}

/** What a question names; its first project and environment. */
export function placeIn(query: URLSearchParams): { project: string; environment: string } {
  return { project: query.get('project') ?? '', environment: query.get('environment') ?? 'production' };
}

const HOUR = 3_600_000;

/** Since when a place is worse, to a minute: within the last hour, as an issue's first sight. */
function badSince({ now }: SimulatorWorld, { stateOf }: SentryOptions, query: URLSearchParams): number | null {
  const { project, environment } = placeIn(query);
  const end = Math.floor(now() / 60_000) * 60_000;
  if (stateOf(project, environment, now()) !== 'bad') return null;
  let since = now();
  for (let at = end; at > end - HOUR && stateOf(project, environment, at) === 'bad'; at -= 60_000) since = at;
  return since;
}

export function issues(world: SimulatorWorld, options: SentryOptions, query: URLSearchParams): object[] {
  const { project } = placeIn(query);
  if (!options.projects.includes(project)) return [];
  const old = issue(project, 1, 'TimeoutError: the queue did not answer', Date.parse('2026-10-01T08:00:00Z'), world);
  const since = badSince(world, options, query);
  if (since === null) return [old];
  return [issue(project, 2, 'TypeError: cannot read “total” of undefined', since + 20_000, world), old];
}

const ADDED = '2026-10-01T08:00:00Z';
const INBOX = { reason: 0, reason_details: null, date_added: ADDED };
const OWNERS = { type: 'suspectCommit', owner: 'team:1', date_added: ADDED };
const DERIVED = {
  ...{ blocker: '', progress: '', status: '', viewCount: 0, hasOpenFixPr: false, isAssigned: false },
  ...{ hasRootCause: false, lastCompletedAutofixStep: '', lastProgressedAt: null },
};

function issue(project: string, number: number, title: string, firstSeen: number, { now }: SimulatorWorld): object {
  const shortId = `${project.toUpperCase()}-${number}`;
  return {
    ...{ id: String(4_000 + number), shareId: null, shortId, title, culprit: null, logger: null, level: 'error' },
    ...{
      permalink: `https://aetherstack.sentry.io/issues/${4_000 + number}/`,
      status: 'unresolved',
      statusDetails: {},
    },
    ...{ substatus: 'new', isPublic: false, platform: 'python', priority: 'high', priorityLockedAt: null },
    ...{ seerFixabilityScore: null, seerAutofixLastTriggered: null, seerExplorerAutofixLastTriggered: null },
    project: { id: '1', name: project, slug: project, platform: 'python' },
    ...{ type: 'error', issueType: 'error', issueCategory: 'error', metadata: {}, numComments: 0, assignedTo: null },
    ...{ isBookmarked: false, isSubscribed: false, subscriptionDetails: null, hasSeen: false, annotations: [] },
    ...{ isUnhandled: true, count: String(17 * number), userCount: 3, stats: {}, filtered: null, sessionCount: 0 },
    ...{ firstSeen: new Date(firstSeen).toISOString(), lastSeen: new Date(now()).toISOString(), derivedData: DERIVED },
    ...{ inbox: INBOX, owners: OWNERS, integrationIssues: [], sentryAppIssues: [], latestEventHasAttachments: false },
    ...{ matchingEventId: null, matchingEventEnvironment: null, lifetime: {} },
  };
}
