import { defineProvider, type MetricQuestion, type ProviderContext, ProviderError } from '../port';
import { read, signedIn } from './client';
import { aboutOf, questionOf } from './expression';
import { manifest } from './manifest';
import { fromSessions, fromTimeseries, stepFor, toIssue } from './map';
import { create, find } from './notes';
import { issuesSchema, projectsSchema, sessionsSchema, timeseriesSchema } from './schema';

/** Both ends on the step, so that every look asks for the same slots. */
function spanOf({ from, to }: MetricQuestion, stepMs: number) {
  const iso = (at: number) => new Date(at).toISOString();
  return [
    ['start', iso(Math.floor(from / stepMs) * stepMs)],
    ['end', iso(Math.ceil(to / stepMs) * stepMs)],
  ] as const;
}

async function series(c: ProviderContext, window: MetricQuestion) {
  const question = questionOf(window.expression);
  const { dataset, field, about } = question;
  const stepMs = stepFor(window, question);
  const span = spanOf(window, stepMs);
  if (dataset === 'sessions') {
    const hours = `${stepMs / 3_600_000}h`;
    const query = [['field', field], ['interval', hours], ['includeTotals', '0'], ...span, ...about] as const;
    const answer = await read(c, '/sessions/', sessionsSchema, query);
    return fromSessions(answer, question, window, { stepMs, now: c.now() });
  }
  const asked = [
    ['dataset', dataset],
    ['yAxis', field],
    ['interval', String(stepMs / 1000)],
  ] as const;
  const answer = await read(c, '/events-timeseries/', timeseriesSchema, [...asked, ...span, ...about]);
  return fromTimeseries(answer, question, window, stepMs);
}

/** One page of the newest is enough: whoever has a hundred new ones needs no exact number. */
async function newIssues(c: ProviderContext, { since, scope }: { since: number; scope: string }) {
  const query = [['sort', 'new'], ['limit', '100'], ...aboutOf(scope)] as const;
  const issues = await read(c, '/issues/', issuesSchema, query);
  return issues.map((each) => toIssue(each, since)).filter((each) => each !== null);
}

/** What is missing, where reading issues is refused and the rest is not. */
async function issueProblem(c: ProviderContext): Promise<string[]> {
  try {
    await read(c, '/issues/', issuesSchema, [['limit', '1']]);
    return [];
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'missing_permission')
      return ['It may not read issues. Give its integration “Issue & Event: Read”.'];
    throw error;
  }
}

/** Sentry, hosted or of one's own: https://docs.sentry.io/api/ */
export const provider = defineProvider(
  manifest,
  {
    health: { series, newIssues, alerts: async () => [], link: () => null },
    notes: { find, create, page: () => null },
  },
  async (c) => {
    await read(c, '/projects/', projectsSchema, [['per_page', '1']]);
    const problems = await issueProblem(c);
    return { ok: problems.length === 0, account: signedIn(c).organization, scopes: [], problems, expiresAt: null };
  },
);
