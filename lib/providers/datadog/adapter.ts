import { defineProvider, type MetricQuestion, type ProviderContext, scopeWords } from '../port';
import { read } from './client';
import { manifest } from './manifest';
import { toAlert, toSeries } from './map';
import { create, find } from './notes';
import { monitorsSchema, querySchema, validSchema } from './schema';

/** Whole minutes, so that every look asks for the same slots. */
const MINUTE = 60_000;

async function series(c: ProviderContext, question: MetricQuestion) {
  const from = Math.floor(question.from / MINUTE) * MINUTE;
  const to = Math.max(question.to, from + MINUTE);
  const query = { from: String(from / 1000), to: String(Math.floor(to / 1000)), query: question.expression };
  return toSeries(await read(c, '/query', querySchema, query), { ...question, from, to }, new URL(c.origin).host);
}

async function alerts(c: ProviderContext, scope: string) {
  const tags = scopeWords(scope).map(({ text }) => text.replaceAll('"', ''));
  const query = { group_states: 'alert,warn', page: '0', page_size: '1000', monitor_tags: tags.join(',') };
  const monitors = await read(c, '/monitor', monitorsSchema, query);
  const those = monitors.filter((each) => tags.every((tag) => each.tags?.includes(tag)));
  return those.map(toAlert).filter((each) => each !== null);
}

/** Datadog: https://docs.datadoghq.com/api/latest/ */
export const provider = defineProvider(
  manifest,
  {
    health: { series, alerts, newIssues: async () => [], link: () => null },
    notes: { find, create, page: () => null },
  },
  async (c) => {
    // Only the API key is proven by the one, and only the rest by the other.
    if (c.credential.kind === 'basic') await read(c, '/validate', validSchema);
    await read(c, '/monitor', monitorsSchema, { page: '0', page_size: '1' });
    return { ok: true, account: new URL(c.origin).host, scopes: [], problems: [], expiresAt: null };
  },
);
