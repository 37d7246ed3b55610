import { beforeEach, expect, it } from 'vitest';
import { READING_HEADER } from '@/lib/http/quota';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { manifest } from './manifest';
import { createVercelSimulator } from './simulator';

const target = {
  ...{ project: 'aetherstack-dashboard', team: 'aetherstack', production: true },
  ...{ repository: 'aetherstack/aetherstack', defaultRef: 'main' },
};
const ROW = 'vercel_speed_insights_lcp_ms_p75';

let asked: { body: Record<string, unknown>; url: URL; marked: boolean }[];
/** What the simulated host answers, changed by a test; `answer` stands for what the metrics say. */
function host(answer: (metric: string) => Response, project: Record<string, unknown> = {}): ProviderContext {
  const simulator = createVercelSimulator(memoryWorld(), { seed: 7 });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.method === 'GET')
      return Response.json({ ...((await (await simulator.handle(request)).json()) as object), ...project });
    const body = (await request.json()) as { metric: string };
    asked.push({ body, url: new URL(request.url), marked: request.headers.has(READING_HEADER) });
    return answer(body.metric);
  };
  const credential = { kind: 'token', token: new Secret('sandbox-token') } as const;
  const now = () => Date.parse('2026-11-28T10:30:00Z');
  return { ...{ connectionId: 'con_1', origin: 'https://api.vercel.com' }, credential, now, fetch } as ProviderContext;
}
const none = () => Response.json({ summary: [], statistics: {} });
const figures = (all: Record<string, number | null>) => (metric: string) =>
  Response.json({
    summary: [{ [`${metric.replaceAll('.', '_')}_p75`]: all[metric.split('.').at(-1) ?? ''] }],
    statistics: {},
  });

beforeEach(() => {
  asked = [];
});

it('asks for the 75th percentile of the last seven days of production alone, as reads', async () => {
  const c = host(figures({ lcp_ms: 2100.5, inp_ms: 180, cls: 0.02 }));
  expect(await provider.methods.vitals.read(c, target)).toEqual({
    ...{ lcpMs: 2100.5, inpMs: 180, cls: 0.02 },
    ...{ of: 'production of aetherstack-dashboard', none: null },
  });
  expect(asked.map(({ body }) => body.metric)).toEqual([
    'vercel.speed_insights.lcp_ms',
    'vercel.speed_insights.inp_ms',
    'vercel.speed_insights.cls',
  ]);
  const [first] = asked;
  expect(first?.url.searchParams.get('teamId')).toMatch(/^team_/);
  expect(first?.body).toMatchObject({
    ...{ aggregation: 'p75', filter: "environment eq 'production'" },
    scope: { type: 'project', ownerId: first?.url.searchParams.get('teamId') },
    ...{ startTime: '2026-11-21T10:30:00.000Z', endTime: '2026-11-28T10:30:00.000Z' },
  });
  expect(asked.every(({ marked }) => marked)).toBe(true);
});

it('says of a preview that the figures are of all previews of the project', async () => {
  const c = host(figures({ lcp_ms: 900, inp_ms: null, cls: null }));
  const seen = await provider.methods.vitals.read(c, { ...target, production: false });
  expect(seen).toMatchObject({ lcpMs: 900, inpMs: null, of: 'all previews of aetherstack-dashboard', none: null });
  expect(asked[0]?.body.filter).toBe("environment eq 'preview'");
});

it.each([
  ['was never enabled', { speedInsights: undefined }, 'not_enabled'],
  ['was switched off again', { speedInsights: { id: 'a', enabledAt: 5, disabledAt: 9 } }, 'not_enabled'],
  ['is on and nobody came', { speedInsights: { id: 'a', enabledAt: 9, canceledAt: 5 } }, 'no_data'],
  ['is on without a plan of its own', { speedInsights: { id: 'a', dataReceivedAt: 9 } }, 'no_data'],
])('says what to do where it %s', async (_, project, code) => {
  const seen = await provider.methods.vitals.read(host(none, project), target);
  expect(seen).toMatchObject({
    lcpMs: null,
    none: { code, sentence: expect.stringMatching(/@vercel\/speed-insights.*\.$/) },
  });
});

it('costs one question where the plan does not give it, and says so in Vercel’s words', async () => {
  const message = 'This feature requires a Pro plan.';
  const c = host(() => Response.json({ error: { code: 'payment_required', message } }, { status: 402 }));
  await expect(provider.methods.vitals.read(c, target)).rejects.toMatchObject({
    ...{ kind: 'rejected', code: 'plan_limit', ambiguous: false },
    message: expect.stringContaining('requires a Pro plan'),
  });
  expect(asked).toHaveLength(1);
});

it.each([
  ['without the figure', { other: 1 }],
  ['with a word for it', { [ROW]: 'fast' }],
  ['below nothing', { [ROW]: -1 }],
])('takes no answer for a figure that is %s', async (_, row) => {
  const c = host(() => Response.json({ summary: [row], statistics: {} }));
  await expect(provider.methods.vitals.read(c, target)).rejects.toMatchObject({ kind: 'protocol' });
});

it('keeps the limit of these questions apart from that of deployments', () => {
  const headers = new Headers({ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800' });
  const of = (path: string) => manifest.quota?.read(headers, new URL(path, 'https://api.vercel.com'), 0);
  expect(of('/v2/observability/query')).toEqual({
    resource: 'observability',
    limit: 10,
    remaining: 0,
    resetAt: 1_800_000,
  });
  expect(of('/v13/deployments')).toMatchObject({ resource: 'core' });
  expect(manifest.quota?.read(new Headers(), new URL('https://api.vercel.com/'), 0)).toBeNull();
});
