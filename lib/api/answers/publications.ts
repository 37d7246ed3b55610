import { z } from 'zod';
import { DEPLOYMENT_STATUSES } from '@/lib/deployments/model/status';
import { PUBLICATION_STATES } from '@/lib/publications/model/publication';
import { because, id, moment, Refusal } from './basics';

const place = {
  targetId: id,
  name: z.string(),
  gallery: z.string(),
  audience: z.enum(['public', 'own']),
  environment: z.object({ slug: z.string(), name: z.string() }),
  extension: z.string(),
  channel: z.string(),
  notice: because,
  recall: z.object({
    version: z.enum(['unlist', 'guide']),
    extension: z.enum(['unpublish', 'guide']),
    steps: z.array(z.string()),
  }),
  mayPublish: z.boolean(),
  unpublishing: z
    .object({
      extension: z.string(),
      by: z.string(),
      reason: z.string(),
      agreed: z.array(z.string()),
      needed: z.number(),
      endsAt: moment,
    })
    .nullable(),
};
const cell = z.object({
  targetId: id,
  state: z.enum(PUBLICATION_STATES),
  since: moment,
  deadlineAt: moment.nullable(),
  overdue: z.boolean(),
  detail: because,
  url: because,
  lookedAt: moment.nullable(),
  provenAt: moment.nullable(),
  deploymentId: id,
});
const row = z.object({
  packageId: id,
  extension: z.string(),
  version: z.string(),
  targetPlatform: z.string(),
  prerelease: z.boolean(),
  scan: z.string(),
  cells: z.array(cell),
});

export const Publications = z.object({
  places: z.array(z.object(place)),
  rows: z.array(row),
  underWay: z.array(z.object({ packageId: z.string(), targetId: id, deploymentId: id, number: z.number() })),
  installs: z.array(z.object({ targetId: id, day: z.string(), total: z.number(), what: z.string(), version: because })),
});

export const ExtensionCredentials = z.object({
  today: z.string(),
  retirements: z.array(
    z.object({
      ...{ gallery: z.string(), what: z.string(), on: z.string(), daysLeft: z.number() },
      ...{ steps: z.array(z.string()), places: z.array(z.string()) },
    }),
  ),
  connections: z.array(
    z.object({
      ...{
        id,
        name: z.string(),
        gallery: z.string(),
        stored: z.boolean(),
        expiresAt: moment.nullable(),
        ends: because,
      },
      state: z.enum(['unchecked', 'ok', 'failing']),
      daysLeft: z.number().nullable(),
    }),
  ),
  secrets: z.array(
    z.object({
      ...{ name: z.string(), gallery: z.string(), on: because },
      places: z.array(z.object({ label: z.string(), url: because, updatedAt: moment.nullable() })),
      usedBy: z.array(z.object({ repository: z.string(), workflow: z.string(), url: because })),
    }),
  ),
  repositories: z.array(z.object({ repository: z.string(), workflows: z.number(), problem: because })),
  beyond: because,
  migrations: z.array(
    z.object({
      component: z.object({ slug: z.string(), name: z.string() }),
      ...{ gallery: z.string(), problem: Refusal.nullable() },
      places: z.array(z.object({ targetId: id, name: z.string() })),
      proposal: z
        .object({
          ...{ connectionId: id, repository: z.string(), settings: z.string(), shown: z.string(), word: z.string() },
          ...{ openUrl: because, workflow: because, base: z.string() },
          files: z.array(
            z.object({ path: z.string(), state: z.enum(['missing', 'same', 'older', 'edited', 'differs']) }),
          ),
          needs: z.array(
            z.object({ name: z.string(), kind: z.enum(['secret', 'variable', 'policy']), why: z.string() }),
          ),
        })
        .nullable(),
    }),
  ),
  others: z.array(z.object({ slug: z.string(), name: z.string() })),
});

export const PublishPlan = z.object({
  package: row,
  goesBackTo: z.object({ packageId: id, version: z.string() }).nullable(),
  places: z.array(
    z.object({
      ...place,
      closed: z.object({ code: z.string(), sentence: z.string() }).nullable(),
      mayOverride: z.boolean(),
      goesBackTo: z.object({ packageId: id, version: z.string() }).nullable(),
      run: z.object({ workflow: z.string(), environment: because }).nullable(),
      checklist: z.array(z.string()),
      approvals: z.number(),
      cell: cell.nullable(),
      namespace: z.enum(['ours', 'others', 'absent']).nullable(),
      ownNamespace: z
        .object({ publisher: z.string(), lacks: z.enum(['namespace', 'owner']), mendBy: id.nullable() })
        .nullable(),
    }),
  ),
  idempotencyKey: z.string(),
});

export const PublishedTo = z.object({
  places: z.array(
    z.object({
      targetId: id,
      place: z.string(),
      deploymentId: id.nullable(),
      number: z.number().nullable(),
      outcome: z.enum(['created', 'repeated', 'joined', 'already', 'refused']),
      status: z.enum(DEPLOYMENT_STATUSES).nullable(),
      code: because,
      sentence: because,
    }),
  ),
});

export const Recalled = z.object({
  outcome: z.enum(['done', 'guided']),
  steps: z.array(z.string()),
  sentence: z.string(),
});
export const NamespaceMade = z.object({ outcome: z.enum(['created', 'already']), sentence: z.string() });
