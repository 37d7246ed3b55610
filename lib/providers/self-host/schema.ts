import { z } from 'zod';

/** Only the fields that are read, as the agent's own contract gives them (`/openapi.json`). */
const id = z.string().regex(/^[\w-]{1,60}$/);
const time = z.string().nullable();
const commit = z.string().nullable();
const failure = z.object({ step: z.string(), sentence: z.string() }).nullable();

export const deploymentSchema = z.object({
  id,
  key: z.string(),
  by: z.string(),
  commit,
  mode: z.string().nullable(),
  phase: z.string(),
  reached: z.string(),
  failure,
  createdAt: z.string(),
  startedAt: time,
  finishedAt: time,
  servedAt: time,
});
export const deploymentsSchema = z.object({ deployments: z.array(deploymentSchema) });

export const liveSchema = z.object({
  front: z.string(),
  addresses: z.array(z.object({ name: z.string(), leadsHere: z.boolean() })),
  change: z.object({ release: id, as: z.string(), state: z.string(), failure, at: z.string() }).nullable(),
  live: z
    .object({
      release: id,
      key: z.string(),
      by: z.string(),
      commit,
      mode: z.string().nullable(),
      since: time,
      running: z.boolean(),
      changedNotLive: z.array(z.string()),
    })
    .nullable(),
  /** Releases of this app that can be served again, newest first. */
  kept: z.array(id),
});

export const agentSchema = z.object({
  agent: z.literal('aetherstack-agent'),
  version: z.string(),
  token: z.object({ name: z.string(), role: z.string() }),
  apps: z.array(z.string()),
});
export const logSchema = z.object({ text: z.string(), cursor: z.string().nullable() });
export const variablesSchema = z.object({
  variables: z.array(z.object({ name: z.string(), createdAt: z.string(), updatedAt: z.string() })),
});
export const variableNameSchema = z.object({ name: z.string() });
export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export type AgentDeployment = z.infer<typeof deploymentSchema>;
export type Live = z.infer<typeof liveSchema>;
