import { z } from 'zod';
import { CLASSES } from '@/lib/observability/model/classes';
import { METRICS, WINDOW_DAYS } from '@/lib/observability/model/dora';
import { UNITS } from '@/lib/observability/model/series';
import { Allowed, because, id, moment, placed, slugAndName } from './basics';
import { DeploymentSummary } from './deployments';

const days = z.literal([...WINDOW_DAYS]);
const some = z.number().nullable();
const figures = z.object({
  frequency: z.object({ value: z.number(), count: z.number(), days: z.number(), activeDays: z.number() }),
  lead_time: z.object({ value: some, p90: some, known: z.number(), unknown: z.number() }),
  failure_rate: z.object({ value: some, failed: z.number(), of: z.number() }),
  recovery_time: z.object({ value: some, p90: some, recovered: z.number(), open: z.number() }),
  rework_rate: z.object({ value: some, rework: z.number(), of: z.number() }),
});
const rule = z.object({ label: z.string(), rule: z.string(), meant: z.string(), limit: z.string() });
const choices = z.object({ components: z.array(slugAndName), environments: z.array(placed) });

/** Durations are milliseconds, rates percent. */
export const Dora = z.object({
  days,
  from: moment,
  to: moment,
  hours: z.number(),
  environments: z.array(slugAndName),
  component: because,
  figures,
  before: figures,
  byComponent: z.array(z.object({ component: slugAndName, figures })),
  rules: z.record(z.enum(METRICS), rule),
  cutAt: some,
  choices,
});

const row = z.object({
  deployment: z.object({ id, number: z.number(), kind: DeploymentSummary.shape.kind, status: z.string() }),
  component: slugAndName,
  environment: slugAndName,
  version: z.string(),
  title: z.string(),
  sha: z.string(),
  at: moment,
  value: z.union([z.boolean(), z.number(), z.null()]),
  why: z.string(),
  said: z.array(z.object({ id, word: z.enum(CLASSES), reason: z.string(), by: z.string(), at: moment })),
  classify: Allowed,
});

export const DoraRows = z.object({
  metric: z.enum(METRICS),
  rule,
  from: moment,
  to: moment,
  hours: z.number(),
  rows: z.array(row),
  total: z.number(),
  leftOut: z.array(row),
});

export const Classified = z.object({ classificationId: id });
export const ClassificationUndone = z.object({ deploymentId: id, word: z.enum(CLASSES) });

const usual = z.object({ p50: z.number(), p95: z.number(), sample: z.number() }).nullable();
const series = z.object({
  key: z.string(),
  label: z.string(),
  unit: z.enum(UNITS),
  shape: z.enum(['each', 'line']),
  /** Epoch milliseconds and the value; null where nothing was measured. */
  points: z.array(z.tuple([z.number(), some])),
  of: z.number(),
  source: z.string(),
  observedAt: moment.nullable(),
});
const chart = z.object({
  key: z.string(),
  title: z.string(),
  says: z.string(),
  unit: z.enum(UNITS),
  series: z.array(series),
  before: z.array(series),
  usual,
  usualBefore: usual,
});

export const Health = z.object({
  days,
  from: z.number(),
  to: z.number(),
  before: z.object({ from: z.number(), to: z.number() }),
  component: because,
  environment: because,
  charts: z.array(chart),
  markers: z.array(
    z.object({
      kind: z.enum(['deployment', 'roll_back', 'failure', 'freeze']),
      at: z.number(),
      until: some,
      label: z.string(),
      href: because,
    }),
  ),
  sources: z.array(z.object({ id, label: z.string(), problem: because })),
  cutAt: some,
  choices,
});
