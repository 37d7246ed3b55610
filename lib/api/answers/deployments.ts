import { z } from 'zod';
import { RENDERING_MODES } from '@/lib/rendering/model/mode';
import {
  Allowed,
  because,
  Commit,
  Comparison,
  DeployForm,
  health,
  id,
  idAndName,
  inputValues,
  Job,
  moment,
  numbered,
  pageOf,
  placed,
  Revision,
  RevisionOption,
  slugAndName,
  status,
} from './basics';
import { Published } from './extensions';
import { ApprovalEntry, checklist, Gate } from './gates';
import { imageSettings } from './images';
import { told } from './releases';

const person = z.object({ id: id.nullable(), name: z.string() });
/** How a web dashboard is built; see docs/rendering.md. */
const mode = z.enum(RENDERING_MODES);
const kind = z.enum(['deploy', 'rollback', 'retry', 'promote']);

export const DeploymentSummary = z.object({
  id,
  number: z.number(),
  kind,
  status,
  statusSince: moment,
  component: slugAndName,
  environment: placed,
  label: z.string(),
  revision: z.object({ ...Revision.shape, message: z.string(), author: z.string() }),
  version: z.string(),
  requestedBy: person,
  requestedAt: moment,
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  durationMs: z.number().nullable(),
  waitingFor: because,
  attention: z.literal('unknown_outcome').nullable(),
  failure: z.object({ code: z.string(), sentence: z.string(), step: z.string().nullable() }).nullable(),
  isCurrent: z.boolean(),
  remoteUrl: z.string().nullable(),
  rendering: mode.nullable(),
});

export const Usual = z.object({ p50Ms: z.number(), p90Ms: z.number(), sample: z.number() });
const numberedSha = z.object({ ...numbered.shape, sha: z.string() });

export const DeploymentDetail = z.object({
  ...DeploymentSummary.shape,
  targetId: id,
  reason: z.string(),
  inputs: inputValues,
  provider: z.object({ label: z.string(), connectionName: z.string(), runsAt: z.string() }),
  remote: z.object({ id, attempt: z.number(), url: z.string().nullable() }).nullable(),
  buildsNothing: z.boolean(),
  mayHoldPackage: z.boolean(),
  rawPhase: z.string().nullable(),
  heldSince: moment.nullable(),
  runEndedAt: moment.nullable(),
  deadlineAt: moment.nullable(),
  observedAt: moment.nullable(),
  trouble: because,
  usual: Usual.nullable(),
  package: Published.nullable(),
  jobs: z.array(Job),
  timeline: z.array(
    z.object({
      id: z.number(),
      at: moment,
      kind: z.string(),
      fromStatus: status.nullable(),
      toStatus: status.nullable(),
      actorName: z.string(),
      sentence: z.string(),
    }),
  ),
  evidence: z.object({ sentence: z.string(), at: moment }).nullable(),
  mode: z
    .object({ asked: mode, before: mode.nullable(), shown: mode.nullable(), sentence: z.string().nullable() })
    .nullable(),
  source: numbered.nullable(),
  previous: numberedSha.nullable(),
  current: numberedSha.nullable(),
  cancelRequestedBy: z.string().nullable(),
  gates: z.array(Gate),
  approval: z
    .object({
      required: z.number(),
      given: z.number(),
      digest: z.string().nullable(),
      expiresAt: moment.nullable(),
      entries: z.array(ApprovalEntry),
    })
    .nullable(),
  freezeOverride: z.object({ by: z.string(), reason: z.string(), at: moment }).nullable(),
  supersededBy: numbered.nullable(),
  acceptedAt: moment.nullable(),
  holdsTarget: z.boolean(),
  checklist,
  told: told.nullable(),
  lateRun: z
    .object({
      runId: id,
      url: z.string().nullable(),
      sentence: z.string(),
      at: moment,
      cancelledBy: z.string().nullable(),
      cancel: Allowed,
    })
    .nullable(),
  actions: z.object({
    ...{ cancel: Allowed, stopWaiting: Allowed, retry: Allowed },
    ...{ redeploy: Allowed, rollBack: Allowed, rollBackFrom: Allowed },
    resolve: Allowed,
    approve: Allowed,
    reject: Allowed,
    overrideFreeze: Allowed,
    tick: Allowed,
  }),
  logs: z.object({ mode: z.enum(['stream', 'poll', 'archive']) }).nullable(),
});

export const DeploymentPage = pageOf(DeploymentSummary);
export const Triggered = z.object({
  deploymentId: id,
  number: z.number(),
  outcome: z.enum(['created', 'repeated', 'joined']),
});
export const Settled = z.object({ settled: z.literal(true) });
export const Log = z.object({ jobId: z.string(), text: z.string(), cursor: z.string().nullable(), notice: because });

export const Pin = z.object({
  id,
  kind: z.enum(['rollback', 'lock', 'freeze']),
  reason: z.string(),
  by: z.string(),
  since: moment,
  until: moment.nullable(),
});
const drift = z.object({ since: moment, sentence: z.string(), url: z.string().nullable() });
const where = { component: z.string(), environment: z.string(), label: z.string(), targetId: id };

export const MatrixCell = z.object({
  targetId: id,
  environmentSlug: z.string(),
  label: z.string(),
  current: DeploymentSummary.nullable(),
  latest: DeploymentSummary.nullable(),
  queued: z.number(),
  commitsBehind: z.number().nullable(),
  pins: z.array(Pin),
  drift: drift.nullable(),
  changed: z.object({ names: z.array(z.string()), readAt: moment, approvals: z.number() }).nullable(),
  connection: z.object({ ...idAndName.shape, state: health }),
  deploy: Allowed,
  mayOverride: z.boolean(),
});
const component = z.object({ ...slugAndName.shape, kind: z.string(), description: z.string() });

export const Matrix = z.object({
  environments: z.array(placed),
  rows: z.array(z.object({ component, cells: z.record(z.string(), z.array(MatrixCell)) })),
});

export const ComponentBoard = z.object({
  component: z.object({ ...component.shape, paths: z.array(z.string()) }),
  environments: z.array(z.object({ ...placed.shape, cells: z.array(MatrixCell) })),
  history: z.array(DeploymentSummary),
  stats: z.object({ total30d: z.number(), succeeded30d: z.number(), p50Ms: z.number().nullable() }),
});

export const Now = z.object({
  headline: z.object({
    tone: z.enum(['bad', 'warn', 'good']),
    sentence: z.string(),
    href: z.string().nullable(),
    since: moment.nullable(),
  }),
  inFlight: z.array(
    z.object({
      ...DeploymentSummary.shape,
      usual: Usual.nullable(),
      stepsDone: z.number(),
      stepsTotal: z.number(),
      currentStep: z.string().nullable(),
    }),
  ),
  needsYou: z.array(DeploymentSummary),
  recent: z.array(DeploymentSummary),
  pins: z.array(z.object({ ...Pin.shape, ...where })),
  drift: z.array(z.object({ ...drift.shape, ...where })),
  connections: z.array(
    z.object({
      ...{ ...idAndName.shape, state: health, checkedAt: moment.nullable(), problem: because },
      weather: z.array(z.object({ tone: z.enum(['good', 'warn', 'bad']), sentence: z.string() })),
    }),
  ),
  quickDeploys: z.array(
    z.object({
      targetId: id,
      label: z.string(),
      componentSlug: z.string(),
      componentName: z.string(),
      environmentSlug: z.string(),
      environmentName: z.string(),
      current: z.string().nullable(),
      deploy: Allowed,
      mayOverride: z.boolean(),
    }),
  ),
});

export const Waiting = z.object({ approvals: z.number(), questions: z.number(), holds: z.number() });

export const targetHead = z.object({ id, label: z.string(), component: slugAndName, environment: placed });
export const asked = z.object({ approvals: z.number(), checklist: z.array(z.string()) });

export const Composer = z.object({
  target: targetHead,
  provider: z.object({ label: z.string(), connectionName: z.string() }),
  settings: z.object({ repository: z.string(), workflow: z.string(), defaultRef: z.string() }),
  image: imageSettings.nullable(),
  fixedInputs: inputValues,
  rendering: mode.nullable(),
  current: DeploymentSummary.nullable(),
  inFlight: z.array(DeploymentSummary),
  pins: z.array(Pin),
  usual: Usual.nullable(),
  gate: Allowed,
  gates: z.array(Gate),
  policy: asked,
  lastInputs: inputValues.nullable(),
  idempotencyKey: z.string(),
});

export const Plan = z.object({
  revision: Revision,
  head: Commit.nullable(),
  form: DeployForm.nullable(),
  formless: z.boolean(),
  comparison: Comparison.nullable(),
  notIncluded: z.array(Commit),
  gate: Allowed,
  gates: z.array(Gate),
  policy: asked,
  warnings: z.array(z.string()),
  askAgainSeconds: z.number().int().nullable(),
});

export const RevisionList = z.array(RevisionOption);
export const CommitList = z.array(Commit);
