import { z } from 'zod';
import { GATE_KINDS } from '@/lib/gates/model/gate';
import { Policy as PolicyModel } from '@/lib/gates/model/policy';
import { RENDERING_MODES } from '@/lib/rendering/model/mode';
import { because, Commit, checks, id, idAndName, inputValues, moment, placed, Refusal, slugAndName } from './basics';
import { Published } from './extensions';

export const Gate = z.object({
  kind: z.enum(GATE_KINDS),
  state: z.enum(['open', 'waiting', 'closed']),
  code: z.string(),
  sentence: z.string(),
  until: moment.nullable(),
  overridable: z.boolean(),
});

export const ApprovalEntry = z.object({
  by: idAndName,
  decision: z.enum(['approve', 'reject']),
  reason: z.string(),
  at: moment,
  voided: because,
});

export const checklist = z.array(z.object({ item: z.string(), ticked: z.boolean() }));

export const ApprovalPacket = z.object({
  deployment: z.object({
    id,
    number: z.number(),
    kind: z.enum(['deploy', 'rollback', 'retry', 'promote']),
    status: z.string(),
    component: slugAndName,
    environment: placed,
    label: z.string(),
    ref: z.string(),
    sha: z.string(),
    message: z.string(),
    author: z.string(),
    requestedBy: z.object({ id: id.nullable(), name: z.string() }),
    requestedAt: moment,
    reason: z.string(),
  }),
  targetId: id,
  refKind: z.enum(['branch', 'tag']),
  digest: z.string(),
  approvals: z.array(ApprovalEntry),
  required: z.number(),
  given: z.number(),
  canApprove: z.array(z.string()),
  expiresAt: moment.nullable(),
  commits: z
    .object({
      included: z.array(Commit),
      totalIncluded: z.number(),
      leaving: z.array(Commit),
      totalLeaving: z.number(),
      url: z.string(),
    })
    .nullable(),
  commitsProblem: because,
  checks: checks.nullable(),
  checksProblem: because,
  requiredChecks: z.array(z.string()),
  inputs: inputValues,
  package: Published.nullable(),
  workflow: z.object({ path: z.string(), digest: z.string() }).nullable(),
  configNames: z.array(z.string()),
  mode: z.object({ asked: z.enum(RENDERING_MODES), before: z.enum(RENDERING_MODES).nullable() }).nullable(),
  checklist,
  health: z.object({
    state: z.enum(['unknown', 'as_deployed', 'drifted']),
    sentence: z.string(),
    at: moment.nullable(),
  }),
  verdict: z
    .object({
      verdict: z.enum(['healthy', 'worse', 'inconclusive']).nullable(),
      why: z.string(),
      closed: z.boolean(),
    })
    .nullable(),
  live: z.object({ number: z.number(), sha: z.string(), since: moment }).nullable(),
  rollBack: z.object({ how: z.string(), usualMs: z.number().nullable(), sentence: z.string() }),
  gates: z.array(Gate),
  refusal: Refusal.nullable(),
});

const place = z.object({ id, slug: z.string(), name: z.string() });
const scope = z.object({
  environment: place.nullable(),
  component: place.nullable(),
  target: z.object({ id, label: z.string() }).nullable(),
});
const heldBack = z.object({
  targetId: id,
  component: z.string(),
  environment: z.string(),
  label: z.string(),
  queued: z.array(
    z.object({
      ...{ id, number: z.number(), sha: z.string(), message: z.string() },
      ...{ requestedBy: z.string(), alsoHeldBy: z.array(z.string()) },
    }),
  ),
  commitsBehind: z.number().nullable(),
});
const window = { from: moment, to: moment };

export const PinEntry = z.object({
  id,
  kind: z.enum(['rollback', 'lock']),
  scope,
  reason: z.string(),
  by: idAndName,
  since: moment,
  until: moment.nullable(),
  heldBack: z.array(heldBack),
  refusal: because,
  resume: z.array(z.string()),
});

export const HostHold = z.object({
  targetId: id,
  scope,
  sentence: z.string(),
  since: moment,
  seenAt: moment,
  url: z.string().nullable(),
  heldBack: z.array(heldBack),
});

export const FreezeEntry = z.object({
  id,
  version: z.number(),
  name: z.string(),
  reason: z.string(),
  scope,
  timeZone: z.string(),
  startsAt: z.string(),
  durationMinutes: z.number(),
  recurrence: z.string().nullable(),
  says: z.string(),
  by: idAndName,
  next: z.object({ ...window, active: z.boolean() }).nullable(),
  heldBack: z.array(heldBack),
  refusal: because,
});

export const Holds = z.object({
  pins: z.array(PinEntry),
  hosts: z.array(HostHold),
  freezes: z.array(FreezeEntry),
  windows: z.array(z.object({ freezeId: id, ...window })),
  scopes: z.object({
    environments: z.array(place),
    components: z.array(place),
    targets: z.array(z.object({ id, label: z.string(), componentId: id, environmentId: id })),
  }),
  refusals: z.object({ lock: because, freeze: because }),
});

export const Policy = z.object({
  environment: z.object({ id, ...placed.shape }),
  policy: PolicyModel,
  unreadable: z.boolean(),
  policyVersion: z.number(),
  refusal: because,
});

export const Locked = z.object({ pinId: id });
export const Lifted = z.object({ lifted: z.boolean() });
export const FreezeRef = z.object({ freezeId: id, version: z.number() });
export const Ended = z.object({ ended: z.boolean() });
export const PolicyVersion = z.object({ policyVersion: z.number() });
export const Approved = z.object({ status: z.string(), given: z.number(), required: z.number() });
export const Status = z.object({ status: z.string() });
export const Ticked = z.object({ open: z.number() });
export const CancelAsked = z.object({ runId: z.string() });
export const Overridden = z.object({ overridden: z.boolean() });
