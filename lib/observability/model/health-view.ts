import type { WindowDays } from './dora';
import type { Chart, Marker } from './series';

type Named = { slug: string; name: string };

/** Nothing to draw and nothing to say: a chart that could not be read says why. */
export const isAllEmpty = (charts: readonly Chart[]) =>
  charts.every(({ problem, series }) => !problem && series.every(({ of }) => of === 0));

/** Times in the charts are epoch milliseconds; the others are ISO 8601 in UTC. */
export interface HealthView {
  days: WindowDays;
  from: number;
  to: number;
  before: { from: number; to: number };
  component: string | null;
  environment: string | null;
  charts: Chart[];
  markers: Marker[];
  /** Who was asked. A source that did not answer has no charts here, and says so. */
  sources: { id: string; label: string; problem: string | null }[];
  /** There were more deployments than are drawn: the newest so many are. */
  cutAt: number | null;
  /** Of what happened so much is not marked: what failed and went back is marked first, then the newest. */
  unmarked: number;
  /** So many targets more are measured than are drawn. */
  unread: number;
  choices: { components: Named[]; environments: (Named & { isProduction: boolean })[] };
}
