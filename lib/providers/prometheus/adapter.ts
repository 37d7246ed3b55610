import { defineProvider, type MetricQuestion, type ProviderContext } from '../port';
import { read } from './client';
import { manifest } from './manifest';
import { isInScope, longestRange, matchersOf, stepFor, toAlert, toSeries } from './map';
import { alertsSchema, instantSchema, rangeSchema } from './schema';

const seconds = (ms: number) => String(ms / 1000);

/** Whole seconds, so that every instance and every look asks for the same points. */
const aligned = (question: MetricQuestion) => ({
  ...question,
  from: Math.floor(question.from / 1000) * 1000,
  to: Math.floor(question.to / 1000) * 1000,
});

async function series(c: ProviderContext, asked: MetricQuestion) {
  const question = aligned(asked);
  const stepMs = stepFor(question);
  const query = {
    query: question.expression,
    start: seconds(question.from),
    end: seconds(question.to),
    step: seconds(stepMs),
  };
  return toSeries(await read(c, '/query_range', query, rangeSchema), question, stepMs);
}

/** Its own page of a question, at the address that version 2 has and later ones lead on from. https://prometheus.io/docs/visualization/browser/ */
function link({ origin }: Pick<ProviderContext, 'origin'>, { expression, from, to }: MetricQuestion): string {
  const ends = new Date(to).toISOString().slice(0, 19).replace('T', ' ');
  const query = new URLSearchParams({
    'g0.expr': expression,
    'g0.tab': '0',
    'g0.range_input': `${Math.max(1, Math.ceil((to - from) / 60_000))}m`,
    'g0.end_input': ends,
  });
  return `${origin}/graph?${query}`;
}

/** Prometheus, and what speaks its query API (Mimir, Thanos, VictoriaMetrics and the like: untried). */
export const provider = defineProvider(
  manifest,
  {
    health: {
      series,
      link,
      reachesBack: longestRange,
      async alerts(c, scope) {
        const matchers = matchersOf(scope);
        const { data } = await read(c, '/alerts', {}, alertsSchema);
        const those = data.alerts.filter(({ labels }) => isInScope(labels, matchers));
        return those.map(toAlert).filter((alert) => alert !== null);
      },
      newIssues: async () => [],
    },
  },
  async (c) => {
    await read(c, '/query', { query: 'vector(1)' }, instantSchema);
    return { ok: true, account: new URL(c.origin).host, scopes: [], problems: [], expiresAt: null };
  },
);
