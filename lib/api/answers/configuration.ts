import { z } from 'zod';
import { because, id, idAndName, moment, numbered, slugAndName } from './basics';

const kind = z.enum(['secret', 'variable']);
const digest = z.string().nullable();

const row = z.object({
  kind,
  name: z.string(),
  at: z.array(
    z.object({
      place: z.string(),
      createdAt: moment.nullable(),
      updatedAt: moment.nullable(),
      digest,
      stale: z.boolean(),
    }),
  ),
  namedBy: z.array(idAndName),
  missingFor: z.array(idAndName.extend({ because })),
  notLiveFor: z.array(
    idAndName.extend({
      runtime: z.boolean(),
      number: z.number().nullable(),
      since: moment,
      changedAt: z.string(),
    }),
  ),
  removedFor: z.array(
    idAndName.extend({ runtime: z.boolean(), until: z.enum(['next-deployment', 'next-start', 'roll-out']) }),
  ),
  elsewhere: z.array(
    z.object({ environment: z.string(), parity: z.enum(['same', 'different', 'there', 'missing', 'unreadable']) }),
  ),
});

export const Configuration = z.object({
  environment: z.object({ id, ...slugAndName.shape, approvals: z.number() }),
  readAt: moment,
  staleDays: z.number(),
  others: z.array(slugAndName),
  places: z.array(
    z.object({
      key: z.string(),
      scope: z.string(),
      label: z.string(),
      shared: z.boolean(),
      url: because,
      provider: z.string(),
      absent: because,
      problem: because,
      refusal: because,
    }),
  ),
  targets: z.array(
    z.object({
      id,
      name: z.string(),
      runtime: z.boolean(),
      renew: because,
      places: z.array(z.string()),
      named: z.number().nullable(),
      problem: because,
      live: z.object({ ...numbered.shape, ref: z.string(), sha: z.string(), sentAt: moment }).nullable(),
      next: numbered.nullable(),
      notAgain: because,
    }),
  ),
  rows: z.array(row),
  rules: z
    .object({
      kinds: z.array(z.object({ kind, readable: z.boolean(), maxBytes: z.number(), expression: z.string() })),
      name: z.object({ pattern: z.string(), letters: z.enum(['upper', 'as-is']), says: z.string() }),
    })
    .nullable(),
  without: z.array(z.object({ id, name: z.string(), provider: z.string() })),
});

export const SettingPlan = z.object({
  action: z.enum(['set', 'remove']),
  kind,
  name: z.string(),
  steps: z.array(
    z.object({
      place: z.string(),
      label: z.string(),
      scope: z.string(),
      step: z.enum(['create', 'replace', 'remove', 'leave', 'refused']),
      before: digest,
      after: digest,
      changedAt: moment.nullable(),
      because,
      atOnce: z.boolean(),
      alsoDoes: because,
      alsoReadBy: z.array(z.string()),
    }),
  ),
  shown: z.string(),
});

export const RuntimeSet = z.object({
  targetId: id,
  places: z.array(z.object({ label: z.string(), absent: because })),
  problem: because,
});

export const SettingChanged = z.object({
  kind,
  name: z.string(),
  places: z.array(
    z.object({
      place: z.string(),
      label: z.string(),
      outcome: z.enum(['created', 'replaced', 'removed', 'taken', 'left', 'failed', 'unknown']),
      sentence: z.string(),
    }),
  ),
  complete: z.boolean(),
  sentence: z.string(),
});
