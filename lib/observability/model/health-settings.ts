import { z } from 'zod';
import { SIGNAL_UNITS, SIGNALS, type Signal } from '../../providers/port';
import { PROBE_SECONDS, PROBE_SHARE, VerdictRules } from './verdict-rules';

/** Always filled in by the console: slugs. */
export const OWN_PLACEHOLDERS = ['component', 'environment'] as const;
/** Also known where a deployment is written down. */
export const NOTE_PLACEHOLDERS = [...OWN_PLACEHOLDERS, 'sha'] as const;

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
const NAME = /^[a-z][a-z0-9_]{0,30}$/;

const query = (signal: Signal) =>
  z
    .strictObject({
      expression: z.string().trim().min(1, 'Write an expression.').max(2_000, 'At most 2,000 characters.'),
      /** What its answer is in. */
      unit: z.enum(SIGNAL_UNITS[signal] as readonly [string, ...string[]]),
    })
    .optional();

const scope = z.string().trim().min(1, 'Say what of it belongs to this target.').max(500, 'At most 500 characters.');
const ofConnection = { connectionId: z.string().min(1).max(60), scope };
const isOnce = (list: readonly { connectionId: string }[]) =>
  new Set(list.map(({ connectionId }) => connectionId)).size === list.length;
const ONCE = 'Each connection once.';

/** How a target's health is measured, and by which rules a deployment of it is judged. */
export const HealthSettings = z
  .strictObject({
    /** Whom the expressions are asked of; null = only our own probes measure. */
    connectionId: z.string().min(1).max(60).nullable().default(null),
    queries: z
      .strictObject({
        throughput: query('throughput'),
        errors: query('errors'),
        latency: query('latency'),
        uptime: query('uptime'),
      })
      .default({}),
    /** What `{{name}}` stands for; letters, digits and . _ : / - only, so that none can leave its quotes. */
    values: z
      .record(
        z.string().regex(NAME, 'A name of small letters, digits and _.'),
        z.string().regex(/^[\w.:/-]{1,100}$/, 'Letters, digits and . _ : / - only, at most 100.'),
      )
      .default({}),
    /** An address that we ask ourselves, every half minute: how long it takes, and whether it answers with a success. */
    watchUrl: z
      .url({ protocol: /^https?$/, error: 'Enter an address such as https://api.example.com/health.' })
      .max(500, 'At most 500 characters.')
      .refine((text) => !/^https?:\/\/[^/?#]*@/i.test(text), 'Leave the name and the password out of the address.')
      .nullable()
      .default(null),
    rules: VerdictRules.default(VerdictRules.parse({})),
    /** Whose alerts and new issues stand beside the verdict, and which; `judged`: an alert that fires is a reason of it. */
    alerts: z
      .array(z.strictObject({ ...ofConnection, judged: z.boolean().default(true) }))
      .max(5, 'At most 5.')
      .refine(isOnce, ONCE)
      .default([]),
    /** Where a deployment that went live is written down, and what of that it belongs to. */
    notes: z.array(z.strictObject(ofConnection)).max(5, 'At most 5.').refine(isOnce, ONCE).default([]),
  })
  .superRefine((settings, check) => {
    const { connectionId, queries, values, watchUrl, rules, alerts, notes } = settings;
    const asked = SIGNALS.filter((signal) => queries[signal] !== undefined);
    const problem = (path: string[], message: string) => check.addIssue({ code: 'custom', path, message });
    if (asked.length === 0 && watchUrl === null && alerts.length === 0 && notes.length === 0)
      problem(['queries'], 'Write an expression, or an address to watch.');
    if (asked.length > 0 && connectionId === null) problem(['connectionId'], 'Choose who is asked.');
    if ((queries.errors || queries.latency) && !queries.throughput)
      problem(
        ['queries', 'throughput'],
        'Write one: errors and latency stand for nothing where nobody knows the traffic.',
      );
    const least = Math.ceil(rules.minRequests / PROBE_SHARE);
    const probes = Math.floor((rules.windowMinutes * 60) / PROBE_SECONDS);
    if (watchUrl !== null && probes < least) {
      const minutes = Math.ceil((least * PROBE_SECONDS) / 60);
      problem(
        ['rules', 'windowMinutes'],
        `Our own probes ask ${probes} times in it and ${least} are needed: at least ${minutes} minutes, or fewer requests.`,
      );
    }
    const fill = (path: string[], text: string, own: readonly string[] = OWN_PLACEHOLDERS) => {
      const unknown = placeholdersOf(text).filter((name) => !own.includes(name) && !Object.hasOwn(values, name));
      const named = unknown.map((name) => `{{${name}}}`).join(', ');
      if (unknown.length > 0) problem(path, `Nothing is known for ${named}.`);
    };
    for (const signal of asked) fill(['queries', signal, 'expression'], queries[signal]?.expression ?? '');
    for (const [at, each] of alerts.entries()) fill(['alerts', String(at), 'scope'], each.scope);
    for (const [at, each] of notes.entries()) fill(['notes', String(at), 'scope'], each.scope, NOTE_PLACEHOLDERS);
  });
export type HealthSettings = z.infer<typeof HealthSettings>;

export function placeholdersOf(expression: string): string[] {
  return [...new Set([...expression.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

/** Slugs of the target, for the placeholders that the console fills in. */
export interface Place {
  component: string;
  environment: string;
}

/** The expression as it is asked. What is not known stays as it stands, and is refused by whoever is asked. */
export function fillIn(expression: string, values: Readonly<Record<string, string>>, place: Place): string {
  const known = new Map(Object.entries({ ...values, ...place }));
  return expression.replace(PLACEHOLDER, (whole, name: string) => known.get(name) ?? whole);
}
