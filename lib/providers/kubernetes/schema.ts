import { z } from 'zod';

/** Only the fields that are read. Source: the Kubernetes OpenAPI (fixtures/openapi.json). */
const ref = z.object({ name: z.string(), key: z.string(), optional: z.boolean().nullish() });
const source = z.object({ name: z.string(), optional: z.boolean().nullish() });

const variable = z.object({
  name: z.string(),
  value: z.string().nullish(),
  valueFrom: z.object({ configMapKeyRef: ref.nullish(), secretKeyRef: ref.nullish() }).nullish(),
});

const container = z.object({
  name: z.string(),
  env: z.array(variable).nullish(),
  envFrom: z
    .array(z.object({ prefix: z.string().nullish(), configMapRef: source.nullish(), secretRef: source.nullish() }))
    .nullish(),
});
export type Container = z.infer<typeof container>;

const requirement = z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() });

export const deploymentSchema = z.object({
  spec: z.object({
    selector: z.object({
      matchLabels: z.record(z.string(), z.string()).nullish(),
      matchExpressions: z.array(requirement).nullish(),
    }),
    template: z.object({ spec: z.object({ containers: z.array(container) }) }),
  }),
});
export type Deployment = z.infer<typeof deploymentSchema>;

const metadata = z.object({
  resourceVersion: z.string(),
  managedFields: z
    .array(
      z.object({
        manager: z.string().nullish(),
        operation: z.string().nullish(),
        time: z.string().nullish(),
        fieldsV1: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .nullish(),
});

export const configMapSchema = z.object({
  metadata,
  immutable: z.boolean().nullish(),
  data: z.record(z.string(), z.string()).nullish(),
  binaryData: z.record(z.string(), z.unknown()).transform(Object.keys).nullish(),
});

/** The values of a Secret end here: what goes on are the names. */
export const secretSchema = z.object({
  metadata,
  immutable: z.boolean().nullish(),
  data: z.record(z.string(), z.unknown()).transform(Object.keys).nullish(),
});

export type Metadata = z.infer<typeof metadata>;

/** As `PartialObjectMetadataList`: nothing of a pod but when it was made. */
export const podsSchema = z.object({
  metadata: z.object({ continue: z.string().nullish() }),
  items: z.array(
    z.object({
      metadata: z.object({ creationTimestamp: z.string(), deletionTimestamp: z.string().nullish() }),
    }),
  ),
});

/** Of a pod template the names alone: what a variable says ends here. */
const optionalRef = z.object({ optional: z.boolean().nullish() });
const named = z.object({
  name: z.string(),
  valueFrom: z.object({ configMapKeyRef: optionalRef.nullish(), secretKeyRef: optionalRef.nullish() }).nullish(),
});
const template = z.object({
  spec: z.object({ containers: z.array(z.object({ name: z.string(), env: z.array(named).nullish() })) }),
});
export const replicaSetsSchema = z.object({
  metadata: z.object({ continue: z.string().nullish() }),
  items: z.array(
    z.object({
      metadata: z.object({
        ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).nullish(),
      }),
      spec: z.object({ template }),
      status: z.object({ readyReplicas: z.number().nullish() }).nullish(),
    }),
  ),
});
export type ReplicaSet = z.infer<typeof replicaSetsSchema>['items'][number];

export const anySchema = z.object({ kind: z.string() });
export const versionSchema = z.object({ gitVersion: z.string() });
export const rulesSchema = z.object({
  status: z.object({
    incomplete: z.boolean(),
    resourceRules: z.array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()).nullish(),
        resources: z.array(z.string()).nullish(),
        resourceNames: z.array(z.string()).nullish(),
      }),
    ),
  }),
});
export type Rule = z.infer<typeof rulesSchema>['status']['resourceRules'][number];

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export const statusSchema = z.object({ kind: z.literal('Status'), reason: z.string().nullish() });
