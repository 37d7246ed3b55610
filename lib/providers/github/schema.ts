import { z } from 'zod';

/** Only the fields that are read, each as the REST description (2022-11-28) gives it. Unknown fields are dropped. */

/** Ids grow past 32 bits and octokit hands very large ones over as bigint; we keep them as text. */
export const remoteId = z
  .union([z.number().int().nonnegative(), z.bigint(), z.string()])
  .transform(String)
  .refine((text) => /^\d{1,20}$/.test(text));
const time = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const word = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
/** Opens in a browser, so nothing but https gets through (http for a simulated vendor on this machine). */
const link = z.string().regex(/^https?:\/\//);

export const repositorySchema = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  private: z.boolean(),
  html_url: link,
});

export const gitRefSchema = z.object({ ref: z.string(), object: z.object({ sha: z.string(), type: z.string() }) });
export const gitTagSchema = z.object({ object: z.object({ sha: z.string(), type: z.string() }) });
export const namedHeadSchema = z.object({ name: z.string(), commit: z.object({ sha: z.string() }) });

export const commitSchema = z.object({
  sha: z.string(),
  html_url: link,
  commit: z.object({
    message: z.string(),
    author: z.object({ name: z.string().optional(), date: z.string().optional() }).nullish(),
  }),
  author: z.object({ login: z.string().optional() }).nullish(),
});

export const comparisonSchema = z.object({
  status: z.string(),
  html_url: link,
  ahead_by: z.number().int(),
  behind_by: z.number().int(),
  total_commits: z.number().int(),
  commits: z.array(commitSchema),
});

const checkRun = {
  status: z.string(),
  conclusion: word,
  name: z.string().nullish(),
  external_id: z.string().nullish(),
};
const listedCheckRun = z.object({
  ...checkRun,
  app: z.object({ slug: z.string().optional() }).nullish(),
  check_suite: z.object({ id: remoteId }).nullish(),
});
export const checkRunsSchema = z.object({ total_count: z.number().int(), check_runs: z.array(listedCheckRun) });
export const dispatchedRunsSchema = z.object({
  workflow_runs: z.array(z.object({ check_suite_id: remoteId.nullish(), path: z.string().nullish() })),
});
const namedCheckRun = z.object({ ...checkRun, id: remoteId, app: z.object({ id: remoteId }).nullish() });
export const namedCheckRunsSchema = z.object({ check_runs: z.array(namedCheckRun) });
export const combinedStatusSchema = z.object({
  state: z.string(),
  total_count: z.number().int(),
  statuses: z.array(z.object({ context: z.string(), state: z.string() })).default([]),
});

export const workflowsSchema = z.object({
  workflows: z.array(z.object({ path: z.string(), name: z.string(), html_url: link, state: z.string() })),
});

export const contentSchema = z.object({
  type: z.literal('file'),
  size: z.number().int(),
  encoding: z.string(),
  content: z.string(),
  html_url: link.nullish(),
});

export const environmentsSchema = z.object({ environments: z.array(z.object({ name: z.string() })).optional() });

export const dispatchSchema = z.object({ workflow_run_id: remoteId, html_url: link });

export const runSchema = z.object({
  id: remoteId,
  html_url: link,
  status: word,
  conclusion: word,
  head_sha: z.string(),
  run_attempt: z.number().int().positive().default(1),
  display_title: z.string().default(''),
  run_started_at: time,
  created_at: z.string(),
  updated_at: z.string(),
});
export const runsSchema = z.object({ total_count: z.number().int(), workflow_runs: z.array(runSchema) });

export const liveRunSchema = runSchema.extend({
  triggering_actor: z.object({ login: z.string().optional() }).nullish(),
});
export const liveRunsSchema = z.object({ workflow_runs: z.array(liveRunSchema) });

export const stepSchema = z.object({
  number: z.number().int(),
  name: z.string(),
  status: z.string(),
  conclusion: word,
  started_at: time,
  completed_at: time,
});
export const jobSchema = z.object({
  id: remoteId,
  name: z.string(),
  status: z.string(),
  conclusion: word,
  created_at: time,
  started_at: time,
  completed_at: time,
  labels: z.array(z.string()).default([]),
  steps: z.array(stepSchema).default([]),
});
export const jobsSchema = z.object({ total_count: z.number().int(), jobs: z.array(jobSchema) });

export const userSchema = z.object({ login: z.string() });
export const installationSchema = z.object({
  account: z.object({ login: z.string().optional(), slug: z.string().optional() }).nullish(),
  permissions: z.record(z.string(), z.string()).default({}),
  suspended_at: word,
});

/** The parts of a webhook that tell us where to look again. */
/** What is kept of a delivery goes into text columns: no NUL, no half of a pair, nothing that hides. */
export const webhookSchema = z.object({
  action: z
    .string()
    .max(100)
    .regex(/^[^\p{C}]*$/u)
    .nullish(),
  repository: z
    .object({
      full_name: z
        .string()
        .max(200)
        .regex(/^[^\p{C}]*$/u),
    })
    .nullish(),
  workflow_run: z.object({ id: remoteId }).nullish(),
  workflow_job: z.object({ run_id: remoteId }).nullish(),
});

export type Run = z.infer<typeof runSchema>;
export type LiveRun = z.infer<typeof liveRunSchema>;
export type Job = z.infer<typeof jobSchema>;
export type Step = z.infer<typeof stepSchema>;
export type RawCommit = z.infer<typeof commitSchema>;

export const pullSchema = z.object({
  number: z.number().int(),
  html_url: link,
  body: z.string().nullish(),
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }).nullish() }),
  base: z.object({ ref: z.string() }),
});

/** GitHub lists at most 300 files; https://docs.github.com/en/rest/commits/commits#compare-two-commits */
export const changedSchema = z.object({
  merge_base_commit: z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) }),
  files: z.array(z.object({ filename: z.string(), previous_filename: z.string().nullish() })).default([]),
});
