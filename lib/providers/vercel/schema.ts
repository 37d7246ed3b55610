import { z } from 'zod';

/** Only the fields that are read, as fixtures/openapi.json gives them. */
const deploymentId = z.string().regex(/^[\w-]{1,200}$/);
/** Epoch milliseconds. */
const time = z.number().nullish();
const meta = z.record(z.string(), z.string()).default({});
const gitSource = z.object({ sha: z.string().nullish() }).nullish();

const common = {
  name: z.string(),
  createdAt: time,
  buildingAt: time,
  ready: time,
  target: z.string().nullish(),
  readySubstate: z.string().nullish(),
  aliasAssigned: z.union([z.boolean(), z.number()]).nullish(),
  aliasAssignedAt: z.union([z.boolean(), z.number()]).nullish(),
  aliasError: z.object({ message: z.string() }).nullish(),
  checksState: z.string().nullish(),
  checksConclusion: z.string().nullish(),
  errorMessage: z.string().nullish(),
  errorStep: z.string().nullish(),
  inspectorUrl: z.string().nullish(),
  url: z.string().nullish(),
  source: z.string().nullish(),
  meta,
};

export const deploymentSchema = z.object({
  ...common,
  id: deploymentId,
  projectId: z.string().nullish(),
  readyState: z.string(),
  canceledAt: time,
  gitSource,
});

export const listedSchema = z.object({
  ...common,
  uid: deploymentId,
  created: z.number(),
  creator: z.object({ username: z.string().nullish() }).nullish(),
});
export const deploymentsSchema = z.object({
  deployments: z.array(listedSchema),
  pagination: z.object({ next: z.number().nullish() }).nullish(),
});

/** https://vercel.com/docs/rest-api/reference/endpoints/projects/find-a-project-by-id-or-name */
export const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The team’s id, or the person’s. */
  accountId: z.string(),
  speedInsights: z.object({ enabledAt: time, dataReceivedAt: time, disabledAt: time, canceledAt: time }).nullish(),
  autoAssignCustomDomains: z.boolean().nullish(),
  /** Null: the top of the repository. */
  rootDirectory: z.string().nullish(),
  /** There after a roll-back, until a promotion. */
  lastRollbackTarget: z.unknown(),
  link: z
    .object({
      type: z.string(),
      org: z.string().nullish(),
      repo: z.string().nullish(),
      repoId: z.union([z.number(), z.string()]).nullish(),
      projectId: z.union([z.number(), z.string()]).nullish(),
      projectNamespace: z.string().nullish(),
      projectName: z.string().nullish(),
      owner: z.string().nullish(),
      slug: z.string().nullish(),
      productionBranch: z.string().nullish(),
    })
    .nullish(),
  lastAliasRequest: z
    .object({ toDeploymentId: z.string(), jobStatus: z.string(), requestedAt: z.number(), type: z.string() })
    .nullish(),
  targets: z
    .record(
      z.string(),
      z
        .object({
          id: deploymentId,
          createdAt: time,
          readyAt: time,
          url: z.string().nullish(),
          creator: z.object({ username: z.string().nullish() }).nullish(),
          meta: meta.nullish(),
        })
        .nullish(),
    )
    .nullish(),
});

/**
 * The published description leaves the answer open; it is as Vercel's own command line reads it.
 * Source: https://github.com/vercel/vercel/blob/main/packages/cli/src/commands/metrics/types.ts
 */
export const metricSchema = z.object({
  summary: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
});

export const domainsSchema = z.object({
  domains: z.array(
    z.object({
      name: z.string(),
      redirect: z.string().nullish(),
      gitBranch: z.string().nullish(),
      verified: z.boolean(),
    }),
  ),
});

const event = {
  type: z.string(),
  created: z.number(),
};
/** Two forms of a line are published: flat, and with a payload. */
export const eventsSchema = z
  .array(
    z
      .union([
        z.object({ ...event, payload: z.object({ text: z.string().nullish() }) }),
        z.object({ ...event, text: z.string().nullish() }),
      ])
      .nullable(),
  )
  .nullable();

export const userSchema = z.object({
  user: z.object({ username: z.string(), email: z.string().nullish(), limited: z.boolean().nullish() }),
});

export const errorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string().default(''), invalidToken: z.boolean().optional() }),
});

const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{C}]*$/u);
/** https://vercel.com/docs/webhooks/webhooks-api#payload */
export const webhookSchema = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  type: z.string().regex(/^[a-z][a-z0-9.-]{0,59}$/),
  payload: z.object({
    deployment: z.object({ id: deploymentId }).nullish(),
    deploymentId: deploymentId.nullish(),
    project: z.object({ id: printable(200) }).nullish(),
    target: printable(100).nullish(),
  }),
});

export type Deployment = z.infer<typeof deploymentSchema>;
export type Listed = z.infer<typeof listedSchema>;
export type Project = z.infer<typeof projectSchema>;
