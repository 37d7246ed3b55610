import { z } from 'zod';

/** What is read stays as it is where it is sent back: loose, and never rebuilt from the fields that are known here. */
const variable = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueSource: z
    .looseObject({ secretKeyRef: z.looseObject({ secret: z.string(), version: z.string().optional() }).optional() })
    .optional(),
});

const container = z.looseObject({
  name: z.string().optional(),
  image: z.string().optional(),
  ports: z.array(z.unknown()).optional(),
  env: z.array(variable).optional(),
});

const traffic = z.object({
  type: z.string().optional(),
  revision: z.string().optional(),
  percent: z.number().optional(),
});

/** Source: the API's discovery document (fixtures/discovery.json). Without its etag a service is not written to. */
export const serviceSchema = z.object({
  etag: z.string().min(1),
  latestReadyRevision: z.string().optional(),
  latestCreatedRevision: z.string().optional(),
  /** It works on what was asked for last. */
  reconciling: z.boolean().optional(),
  template: z.object({ containers: z.array(container).optional() }).optional(),
  traffic: z.array(traffic).optional(),
  trafficStatuses: z.array(traffic).optional(),
});

export const servicesSchema = z.object({ services: z.array(z.unknown()).optional() });

export const revisionSchema = z.object({
  name: z.string(),
  createTime: z.string().optional(),
  containers: z.array(container).optional(),
});

export const revisionsSchema = z.object({
  revisions: z.array(revisionSchema).optional(),
  nextPageToken: z.string().optional(),
});

export const operationSchema = z.object({
  name: z.string().optional(),
  done: z.boolean().optional(),
  error: z.object({ code: z.number().optional() }).optional(),
});

export type Service = z.infer<typeof serviceSchema>;
export type Container = z.infer<typeof container>;
export type Variable = z.infer<typeof variable>;
export type Revision = z.infer<typeof revisionSchema>;
export type Operation = z.infer<typeof operationSchema>;
