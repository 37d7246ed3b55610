import { z } from 'zod';
import { CLASSES } from '@/lib/observability/model/classes';
import { METRICS, WINDOW_DAYS } from '@/lib/observability/model/dora';
import { UNITS } from '@/lib/observability/model/series';
import { VERDICTS } from '@/lib/observability/model/verdict';
import { VerdictRules } from '@/lib/observability/model/verdict-rules';
import { SIGNALS } from '@/lib/providers/port';
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
  before: figures.nullable(),
  byComponent: z.array(z.object({ component: slugAndName, figures })),
  rules: z.record(z.enum(METRICS), rule),
  cutAt: some,
  countedFrom: moment,
  choices,
});

const row = z.object({
  deployment: z.object({ id, number: z.number(), kind: DeploymentSummary.shape.kind, status: z.string() }),
  component: slugAndName,
  environment: slugAndName,
  label: z.string(),
  version: z.string(),
  title: z.string(),
  sha: z.string(),
  at: moment,
  value: z.union([z.boolean(), z.number(), z.null()]),
  why: z.string(),
  byRule: z.string(),
  words: z.array(z.enum(CLASSES)),
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
  cutAt: some,
  countedFrom: moment,
  leftOut: z.array(row),
});

export const Classified = z.object({ classificationId: id });
export const ClassificationUndone = z.object({ deploymentId: id, word: z.enum(CLASSES) });

const span = z.object({ from: z.number(), to: z.number() });

const beside = z.object({
  ...{ source: z.string(), judged: z.boolean(), more: z.number(), problem: because },
  alerts: z.array(
    z.object({
      ...{ name: z.string(), state: z.enum(['firing', 'pending']), since: because },
      ...{ severity: because, sentence: z.string() },
    }),
  ),
  issues: z.array(
    z.object({ id: z.string(), title: z.string(), count: z.number(), firstSeenAt: moment, url: z.string() }),
  ),
});

const probed = z.object({ at: moment, status: some, version: because });

/** Spans are epoch milliseconds; errors and uptime percent, latency milliseconds. */
export const Verdict = z.object({
  deployment: z.object({ id, number: z.number() }),
  targetId: id,
  verdict: z.enum(VERDICTS).nullable(),
  why: z.string(),
  closed: z.boolean(),
  liveAt: moment.nullable(),
  untilAt: moment.nullable(),
  judgedAt: moment.nullable(),
  worseSince: moment.nullable(),
  report: z
    .object({
      verdict: z.enum(VERDICTS),
      closed: z.boolean(),
      why: z.string(),
      before: span,
      after: span,
      requests: z.object({ before: some, after: some }),
      signals: z.array(
        z.object({
          signal: z.enum(SIGNALS),
          source: z.string(),
          verdict: z.enum(VERDICTS),
          before: some,
          after: some,
          rule: z.string(),
          why: z.string(),
          url: because,
        }),
      ),
      beside: z.array(beside).optional(),
      sound: z
        .array(
          z.object({
            ...{ signal: z.enum(SIGNALS), source: z.string() },
            ...{ level: z.number(), number: z.number(), liveAt: z.number() },
          }),
        )
        .optional(),
    })
    .nullable(),
  rollBack: because,
  automatic: z
    .object({
      state: z.enum(['waits', 'asked', 'refused']),
      sentence: z.string(),
      deploymentId: id.nullable(),
    })
    .nullable(),
  written: z.array(z.object({ ok: z.boolean(), sentence: z.string(), url: because })),
  probes: z.object({ last: probed, failed: probed.nullable() }).nullable(),
});

const query = z.object({ expression: z.string(), unit: z.string() }).optional();
const queries = z.object({ throughput: query, errors: query, latency: query, uptime: query });

const scopeField = z.object({ label: z.string(), hint: z.string(), example: z.string() });

export const TargetHealth = z.object({
  targetId: id,
  version: z.number(),
  health: z
    .object({
      connectionId: because,
      queries,
      values: z.record(z.string(), z.string()),
      watchUrl: because,
      rules: VerdictRules,
      alerts: z.array(z.object({ connectionId: z.string(), scope: z.string(), judged: z.boolean() })),
      notes: z.array(z.object({ connectionId: z.string(), scope: z.string() })),
    })
    .nullable(),
  measurers: z.array(
    z.object({
      ...{ id, name: z.string(), language: z.string() },
      presets: z.array(z.object({ id, label: z.string(), queries })),
    }),
  ),
  watchers: z.array(z.object({ id, name: z.string(), scope: scopeField })),
  writers: z.array(z.object({ id, name: z.string(), writes: z.string(), scope: scopeField })),
});

export const HealthSet = z.object({
  targetId: id,
  checks: z.array(
    z.object({ signal: z.string(), source: z.string(), usable: z.boolean(), value: some, sentence: z.string() }),
  ),
});

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
  problem: z.string().optional(),
  links: z.array(z.object({ label: z.string(), href: z.string() })).optional(),
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
  unmarked: z.number(),
  unread: z.number(),
  choices,
});

/** Each the 75th percentile of real visits; LCP and INP in milliseconds, CLS without a unit. */
export const Vitals = z
  .object({
    provider: z.string(),
    by: z.string(),
    days: z.number(),
    readAt: moment,
    figures: z
      .object({
        ...{ lcpMs: some, inpMs: some, cls: some, of: z.string() },
        none: z.object({ code: z.enum(['not_enabled', 'no_data']), sentence: z.string() }).nullable(),
      })
      .nullable(),
    problem: z.object({ code: z.string(), sentence: z.string() }).nullable(),
  })
  .nullable();
