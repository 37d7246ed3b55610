import { chance } from './dice';
import { ok, problem } from './replies';
import type { State } from './state';

const DAY_MS = 86_400_000;

/** By metric, what is measured on a quiet day, and how much worse on a busy one. */
const MEASURED: Readonly<Record<string, readonly [number, number]>> = {
  'vercel.speed_insights.lcp_ms': [1_700, 900],
  'vercel.speed_insights.inp_ms': [140, 90],
  'vercel.speed_insights.cls': [0.03, 0.05],
};

interface Asked {
  metric?: string;
  aggregation?: string;
  filter?: string;
  endTime?: string;
  scope?: { ownerId?: string; projectIds?: string[] };
}

/**
 * `POST /v2/observability/query`: what is live on production has visitors, a preview has none. Nothing is live, no row.
 * Source: https://github.com/vercel/vercel/tree/main/packages/cli/src/commands/metrics
 */
export function answerVitals(state: State, seed: number, asked: Asked): Response {
  const { metric = '', aggregation, filter, endTime = '', scope } = asked;
  if (scope?.ownerId !== state.teamId || scope.projectIds?.[0] !== state.projectId)
    return problem(403, 'forbidden', 'Not authorized');
  const measured = MEASURED[metric];
  if (!measured || aggregation !== 'p75') return problem(400, 'bad_request', `Unknown metric "${metric}".`);
  const isVisited = filter === "environment eq 'production'" && state.production() !== undefined;
  const statistics = { rowsRead: 0, bytesRead: 0, dbTimeSeconds: 0, engineTimeSeconds: 0 };
  if (!isVisited) return ok({ summary: [], data: [], statistics });
  const [quiet, more] = measured;
  const day = Math.floor(Date.parse(endTime) / DAY_MS);
  const figure = quiet + more * chance(seed, metric, day);
  const row = { [`${metric}_p75`.replaceAll('.', '_')]: Math.round(figure * 1_000) / 1_000 };
  return ok({ summary: [row], data: [{ timestamp: new Date(day * DAY_MS).toISOString(), ...row }], statistics });
}
