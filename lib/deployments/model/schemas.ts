import { z } from 'zod';
import { DEPLOYMENT_STATUSES } from './status';

const id = z.string().min(1).max(80);
/** A full commit id. */
export const Sha = z.string().regex(/^[0-9a-f]{40}$/, 'A commit is 40 hexadecimal characters.');
// biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids control characters in a ref.
const REF_NAME = /^(?!\/|-)(?!.*(?:\.\.|\/\/|@\{|\\))[^\x00-\x20\x7f~^:?*[]+(?<![/.]|\.lock)$/;
/** Git's own rules for a ref name, the part that matters to us: https://git-scm.com/docs/git-check-ref-format */
export const RefName = z
  .string()
  .min(1, 'Choose a branch or a tag.')
  .max(255, 'A ref name has at most 255 characters.')
  .regex(REF_NAME, 'This is not a valid branch or tag name.');

const key = z.string().min(8).max(255);
/** The console writes keys of its own that begin so; somebody who took one would keep it from doing its work. */
export const ownKey = key.regex(
  /^(?!worse:|retry:)/,
  'A key that begins with worse: or retry: is one of the console’s own. Send one that begins otherwise.',
);

export const RevisionInput = z.strictObject({ ref: RefName, refKind: z.enum(['branch', 'tag']), sha: Sha });

/** Values are checked against the workflow's own form by `inputsSchema()`; here only shape and size. */
export const InputValues = z.record(
  z.string().min(1).max(255),
  z.union([z.string().max(65_535), z.number(), z.boolean()]),
);

/** What a request brings for the gates of its environment. */
const forTheGates = {
  /** Items of the environment's checklist that the requester ticked, word for word. */
  checklist: z.array(z.string().max(200)).max(20).default([]),
  /** Only who may override a freeze may fill it in. */
  freezeOverrideReason: z.string().trim().min(3, 'Say why in a few words.').max(500).nullable().default(null),
};

export const TriggerInput = z.strictObject({
  targetId: id,
  revision: RevisionInput,
  inputs: InputValues,
  reason: z.string().trim().max(500).default(''),
  ...forTheGates,
  /** One per click of intent; a second submit with the same key returns the first deployment. */
  idempotencyKey: ownKey,
});
export type TriggerInput = z.input<typeof TriggerInput>;

export const DeploymentIdInput = z.strictObject({ deploymentId: id });

export const RollBackInput = z.strictObject({
  targetId: id,
  toDeploymentId: id,
  reason: z.string().trim().min(3, 'Say why in a few words.').max(500),
  ...forTheGates,
  idempotencyKey: ownKey,
});
export type RollBackInput = z.input<typeof RollBackInput>;
/** As the server takes it, from people after `RollBackInput` and from a policy: with a key of the console's own. */
export const RollBackOrder = z.strictObject({ ...RollBackInput.shape, idempotencyKey: key });

/** `fromDeploymentId`: whose build is to be served on this target. */
export const PromoteInput = z.strictObject({
  targetId: id,
  fromDeploymentId: id,
  reason: z.string().trim().max(500).default(''),
  ...forTheGates,
  idempotencyKey: ownKey,
});
export type PromoteInput = z.input<typeof PromoteInput>;

/** `whileLive`: refused where something else went live meanwhile; for what is redeployed to take changed variables in. */
export const RedeployInput = z.strictObject({
  deploymentId: id,
  whileLive: z.boolean().optional(),
  idempotencyKey: ownKey,
});

/** A person settles a deployment whose start is unknown. */
export const ResolveInput = z.strictObject({
  deploymentId: id,
  decision: z.enum(['send_again', 'adopt', 'give_up']),
  /** For `adopt`: the provider's run id; left out for a build that only had to be served. */
  remoteId: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'A run id has letters, digits, - and _ only.')
    .optional(),
  reason: z.string().trim().min(3, 'Say why in a few words.').max(500),
});
export type ResolveInput = z.infer<typeof ResolveInput>;

export const DeploymentFilter = z.strictObject({
  component: z.string().max(80).optional(),
  environment: z.string().max(80).optional(),
  status: z.enum([...DEPLOYMENT_STATUSES, 'active']).optional(),
  person: z.string().max(120).optional(),
  /** Free text over ref, commit message, sha prefix and `#number`. */
  q: z.string().max(200).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export type DeploymentFilter = z.infer<typeof DeploymentFilter>;

export const RevisionQuery = z.strictObject({ targetId: id, query: z.string().max(255).default('') });
export const CommitQuery = z.strictObject({
  targetId: id,
  ref: RefName,
  page: z.coerce.number().int().min(1).max(40).default(1),
});
/** Without `toDeploymentId`: the candidates only. */
export const RollBackPlanQuery = z.strictObject({ targetId: id, toDeploymentId: id.optional() });
/** Without `fromDeploymentId`: the candidates only. */
export const PromotionPlanQuery = z.strictObject({ targetId: id, fromDeploymentId: id.optional() });
export const PlanQuery = z.strictObject({ targetId: id, ref: RefName, sha: Sha.optional() });
/** Without `ref`: the one that is offered first. */
export const RemoteRulesQuery = z.strictObject({ targetId: id, ref: RefName.optional() });
export const ImagesQuery = z.strictObject({
  targetId: id,
  query: z.string().max(128).default(''),
  sha: Sha.optional(),
  page: z.coerce.number().int().min(0).max(300).default(0),
});
export const LogQuery = z.strictObject({
  deploymentId: id,
  // A gallery’s version stands for a job as well, publisher.name@1.2.3.
  jobId: z.string().regex(/^[\w-][\w.@+-]{0,399}$/),
  cursor: z.string().max(40).optional(),
});

/** What a deploying verb answers: the deployment, and whether this click made it or joined one that was there. */
export interface Triggered {
  deploymentId: string;
  number: number;
  /** `created`; `repeated` = same idempotency key; `joined` = the same content is already on its way. */
  outcome: 'created' | 'repeated' | 'joined';
}
