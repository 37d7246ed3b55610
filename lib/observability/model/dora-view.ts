import type { Allowed, DeploymentSummary } from '../../deployments/model/view';
import type { Class } from './classes';
import type { Metric, WindowDays } from './dora';
import type { Figures } from './dora-figures';
import type { Rule } from './dora-rules';

type Named = { slug: string; name: string };

/** Times are ISO 8601 in UTC, durations milliseconds, rates percent. `to` is not in the span any more. */
export interface DoraView {
  days: WindowDays;
  from: string;
  to: string;
  /** How long after it went live a roll-back or hot fix speaks against a change. */
  hours: number;
  /** What is counted here; empty when no environment is marked as production, or none may be seen. */
  environments: Named[];
  component: string | null;
  figures: Figures;
  /** The same over as long a span right before; null where not all of that could be read. */
  before: Figures | null;
  byComponent: { component: Named; figures: Figures }[];
  rules: Record<Metric, Rule>;
  /** There were more deployments than are counted: the newest so many are. */
  cutAt: number | null;
  /** From when on all are counted: later than `from` where that was cut, and what a frequency is divided by. */
  countedFrom: string;
  /** What can be chosen. */
  choices: { components: Named[]; environments: (Named & { isProduction: boolean })[] };
}

export interface SaidView {
  id: string;
  word: Class;
  reason: string;
  by: string;
  at: string;
}

export interface DoraRow {
  deployment: { id: string; number: number; kind: DeploymentSummary['kind']; status: string };
  component: Named;
  environment: Named;
  label: string;
  version: string;
  title: string;
  sha: string;
  /** When it went live, or when the provider said that it had. */
  at: string;
  /** What it adds: yes or no for a rate, milliseconds for a time; null where it is not known, or not counted. */
  value: boolean | number | null;
  why: string;
  /** Why it would count as it does by the rule alone; the same as `why` where nobody said otherwise. */
  byRule: string;
  /** Words that would change a figure. */
  words: Class[];
  said: SaidView[];
  classify: Allowed;
}

export interface DoraRows {
  metric: Metric;
  rule: Rule;
  from: string;
  to: string;
  hours: number;
  rows: DoraRow[];
  /** Of so many; of a rate what speaks against it is shown first, then the newest. */
  total: number;
  /** As in the figures. */
  cutAt: number | null;
  countedFrom: string;
  /** Left out by a person, with their reasons: to be looked at, and undone. */
  leftOut: DoraRow[];
}

/** `#12` counts differently from now on. */
export interface Classified {
  classificationId: string;
}

export interface Undone {
  deploymentId: string;
  /** What was taken back. */
  word: Class;
}
