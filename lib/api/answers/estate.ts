import { z } from 'zod';
import { TELLINGS } from '@/lib/announcements/model/telling';
import { AUDIT_ACTOR_KINDS, AUDIT_OUTCOMES } from '@/lib/audit/model/view';
import { COMPONENT_KINDS } from '@/lib/components/model/schemas';
import { TOKEN_SCOPES } from '@/lib/members/model/token-scope';
import { Probe } from '@/lib/targets/model/probe';
import { because, DeployForm, Grant, health, id, idAndName, moment, pageOf, placed, Refusal, Revision } from './basics';
import { imageSettings } from './images';

const refusal = { refusal: because };
const place = z.object({ id, ...placed.shape, position: z.number(), targets: z.number() });
const thing = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  kind: z.enum(COMPONENT_KINDS),
  description: z.string(),
  paths: z.array(z.string()),
  position: z.number(),
  image: z.object({ connectionId: id, source: imageSettings }).nullable(),
  targets: z.number(),
});
const target = z.object({
  id,
  label: z.string(),
  version: z.number(),
  component: z.object({ id, slug: z.string(), name: z.string() }),
  environment: z.object({ id, ...placed.shape }),
  connection: z.object({ ...idAndName.shape, providerId: z.string() }),
  config: z.record(z.string(), z.unknown()),
  probe: Probe.nullable(),
  tell: z.enum(TELLINGS),
  isPublic: z.boolean(),
  runtime: z.object({ connectionId: id, config: z.record(z.string(), z.unknown()) }).nullable(),
});

export const Estate = z.object({
  environments: z.array(z.object({ ...place.shape, ...refusal })),
  components: z.array(thing),
  targets: z.array(z.object({ ...target.shape, ...refusal, settings: because })),
  connections: z.array(
    z.object({
      ...idAndName.shape,
      providerId: z.string(),
      use: z.object({ deploys: z.boolean(), images: z.boolean(), runtime: z.boolean() }),
    }),
  ),
  refusals: z.object({ components: because, environments: because, targets: because, runtimes: because }),
});
export const EstateProgress = z.object({
  connections: z.number(),
  environments: z.number(),
  components: z.number(),
  targets: z.number(),
  ...refusal,
});
export const TargetSaved = z.object({
  alsoChanged: z.array(z.object(idAndName.shape)),
  notChanged: z.number(),
});
export const TargetCheck = z.object({
  revision: Revision.nullable(),
  form: DeployForm.nullable(),
  problem: Refusal.nullable(),
  fields: z.record(z.string(), z.string()),
});
export const Created = z.object({ id });

export const quota = z.object({
  resource: z.string(),
  limit: z.number(),
  remaining: z.number(),
  resetAt: moment,
  blockedUntil: moment.nullable(),
  updatedAt: moment,
});
const use = { charged: z.number(), free: z.number(), held: z.number() };
export const Quota = z.object({
  connection: idAndName,
  quotas: z.array(quota),
  blockedUntil: moment.nullable(),
  budget: z.object({ percent: z.number(), share: z.number().nullable(), used: z.number(), measures: z.boolean() }),
  hour: moment,
  hours: z.array(z.object({ hour: moment, ...use })),
  consumers: z.array(
    z.object({
      consumer: z.string(),
      name: z.string().nullable(),
      waits: z.boolean(),
      thisHour: z.object(use),
      day: z.object(use),
    }),
  ),
});
export const CredentialReport = z.object({
  ok: z.boolean(),
  account: z.string(),
  scopes: z.array(z.string()),
  problems: z.array(z.string()),
  expiresAt: z.string().nullable(),
  notes: z.array(z.string()).optional(),
});
const credentialKind = z.enum(['token', 'app', 'basic']);
export const Connection = z.object({
  id,
  name: z.string(),
  provider: z.object({ id, label: z.string() }),
  origin: z.string(),
  credential: z.object({ kind: credentialKind, present: z.boolean(), last4: z.string() }),
  state: health,
  checkedAt: moment.nullable(),
  problem: because,
  expiresAt: z.string().nullable(),
  targets: z.number(),
  quota: quota.nullable(),
});
export const ConnectionDetail = z.object({
  ...Connection.shape,
  version: z.number(),
  createdAt: moment,
  docsUrl: z.string(),
  defaultOrigin: z.string(),
  credentialKinds: z.array(credentialKind),
  credentialForms: z.array(
    z.object({
      id,
      label: z.string(),
      origin: z.string().nullable(),
      hosts: z.array(z.string()).optional(),
      username: z.object({ label: z.string(), hint: z.string(), fixed: z.string().nullable() }),
      secret: z.object({ label: z.string(), hint: z.string() }),
      tokenService: z.boolean(),
      ends: z.string(),
    }),
  ),
  app: z.object({ appId: z.string(), installationId: z.string() }).nullable(),
  sentTo: z.array(z.string()),
  authorities: z.object({
    accepted: z.boolean(),
    foundAt: z.string().nullable(),
    trusted: z.array(
      z.object({ subject: z.string(), validFrom: moment.optional(), expiresAt: moment, fingerprint: z.string() }),
    ),
  }),
  report: CredentialReport.nullable(),
  quotas: z.array(quota),
  webhook: z.object({
    supported: z.boolean(),
    path: z.string(),
    configured: z.boolean(),
    rotating: z.boolean(),
    deliveries: z.object({
      received: z.number(),
      failed: z.number(),
      duplicates: z.number(),
      lastAt: moment.nullable(),
    }),
  }),
  usedBy: z.array(
    z.object({
      targetId: id,
      label: z.string(),
      component: z.object({ slug: z.string(), name: z.string() }),
      environment: z.object({ slug: z.string(), name: z.string() }),
    }),
  ),
  imagesOf: z.array(z.object({ slug: z.string(), name: z.string(), repository: z.string() })),
  standing: z.object({ service: z.boolean(), capacity: z.boolean() }),
});
export const ConnectionList = z.array(Connection);
export const DeliveryPage = pageOf(
  z.object({
    id,
    deliveryId: z.string(),
    event: z.string(),
    action: z.string().nullable(),
    repository: z.string().nullable(),
    bytes: z.number(),
    state: z.enum(['received', 'processed', 'ignored', 'failed']),
    note: z.string().nullable(),
    tries: z.number(),
    duplicates: z.number(),
    receivedAt: moment,
    processedAt: moment.nullable(),
  }),
);
export const RepositoryList = z.array(
  z.object({ fullName: z.string(), defaultBranch: z.string(), private: z.boolean(), url: z.string() }),
);
export const WorkflowList = z.array(
  z.object({ path: z.string(), name: z.string(), url: z.string(), state: z.string() }),
);

export const MemberList = z.array(
  z.object({
    id,
    login: z.string(),
    name: z.string(),
    grants: z.array(Grant),
    signIn: z.enum(['password', 'identity', 'invited']),
    disabledAt: moment.nullable(),
    createdAt: moment,
    lastSeenAt: moment.nullable(),
    sessions: z.number(),
  }),
);
export const Caller = z.object({
  kind: z.enum(['user', 'token']),
  person: idAndName,
  grants: z.array(Grant),
  token: z
    .object({
      id,
      name: z.string(),
      scopes: z.array(z.enum(TOKEN_SCOPES)),
      environmentPattern: z.string(),
      expiresAt: moment,
    })
    .nullable(),
});

export const AuditPage = pageOf(
  z.object({
    id: z.number(),
    line: z.number().nullable(),
    at: moment,
    actor: z.object({ kind: z.enum(AUDIT_ACTOR_KINDS), id: id.nullable(), name: z.string() }),
    action: z.string(),
    resource: z.object({ kind: z.string(), id: id.nullable() }),
    environment: z.string().nullable(),
    outcome: z.enum(AUDIT_OUTCOMES),
    code: z.string().nullable(),
    sentence: z.string(),
    data: z.record(z.string(), z.unknown()),
    requestId: z.string().nullable(),
    ip: z.string().nullable(),
  }),
);

export const Look = z.object({
  live: z.string().nullable(),
  drift: z.string().nullable(),
  trouble: z.string().nullable(),
});
export const ProbeCheck = z.object({ usable: z.boolean(), sentence: z.string() });
export const AuditStatus = z.object({
  lines: z.number(),
  unsigned: z.number(),
  head: z.object({ line: z.number(), signedAt: moment, anchored: z.boolean() }).nullable(),
  anchor: z.string().nullable(),
  verified: z
    .object({
      ...{
        upTo: z.number(),
        at: moment,
        intact: z.boolean(),
        anchorLacks: z.number().nullable(),
        anchorBegins: z.number().nullable(),
      },
      ...{ sentence: z.string(), by: z.string() },
    })
    .nullable(),
  trouble: z.object({ at: moment, sentence: z.string() }).nullable(),
});
const breakKind = z.enum([
  'entry_changed',
  'entry_missing',
  'entry_unchained',
  'link_missing',
  'link_extra',
  'head_mismatch',
  'head_forged',
  'head_missing',
  'anchor_mismatch',
  'anchor_forged',
  'anchor_disordered',
  'tail_missing',
  'log_replaced',
]);
const newest = z.object({ line: z.number(), signedAt: moment }).nullable();
export const AuditVerdict = z.object({
  intact: z.boolean(),
  sentence: z.string(),
  verdict: z.object({
    broken: z.object({ kind: breakKind, line: z.number().nullable(), sentence: z.string() }).nullable(),
    lines: z.number(),
    hash: z.string().nullable(),
    heads: z.object({ checked: z.number(), unknownKey: z.number(), newest }),
    anchor: z.object({ checked: z.number(), newest, lacks: newest, begins: newest }).nullable(),
  }),
});
