import { z } from 'zod';
import type { DeploymentStatus } from '../../deployments/model/status';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '../../kernel/plain-text';

const id = z.string().min(1).max(80);
const key = z.string().min(8).max(200);
/** SHA-256 in hexadecimal. */
export const PackageId = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'A package is named by its SHA-256, 64 hexadecimal digits.');

const forTheGates = {
  /** Items of the environment's checklist that the requester ticked, word for word. */
  checklist: z.array(z.string().max(200)).max(20).default([]),
  /** Only who may override a freeze may say it where one holds; at the other places it says nothing. */
  freezeOverrideReason: z.string().trim().min(3, 'Say why in a few words.').max(500).nullable().default(null),
};

/** One package to several places: one deployment for each. */
export const PublishInput = z.strictObject({
  packageId: PackageId,
  targetIds: z.array(id).min(1, 'Choose at least one place.').max(20),
  reason: z.string().trim().max(500).default(''),
  ...forTheGates,
  /** One per click; each place gets a key of its own that is made of it. */
  idempotencyKey: key,
});
export type PublishInput = z.input<typeof PublishInput>;

/** `component`: the slug of the one whose proposal is read; left out, those of the first few. */
export const RetirementInput = z.strictObject({ component: z.string().min(1).max(80).optional() });
export type RetirementInput = z.output<typeof RetirementInput>;

export const PackageInput = z.strictObject({ packageId: PackageId });

/** What became of one place of a click. */
export interface PublishedTo {
  targetId: string;
  place: string;
  /** Set when it is on its way, whoever asked. */
  deploymentId: string | null;
  number: number | null;
  outcome: 'created' | 'repeated' | 'joined' | 'already' | 'refused';
  /** How that deployment stands now: a repeated press may meet one that has failed since. */
  status: DeploymentStatus | null;
  /** Why it was refused, or that it is there already; null otherwise. */
  code: string | null;
  sentence: string | null;
}

const recallReason = z
  .string()
  .trim()
  .min(3, 'Say why in a few words.')
  .max(300, 'At most 300 characters.')
  .regex(PLAIN_LINE, PLAIN_LINE_PROBLEM);

/** One version of it. */
export const RecallInput = z.strictObject({
  targetId: id,
  packageId: PackageId,
  /** Everybody who looks at the version reads it, so it is one line without tricks. */
  reason: recallReason,
});
export type RecallInput = z.infer<typeof RecallInput>;

/** The whole extension, with every version, its reviews and its counts. */
export const UnpublishInput = z.strictObject({
  targetId: id,
  packageId: PackageId,
  reason: recallReason,
  /** publisher.name, typed by hand. */
  typedName: z.string().max(400),
});
export type UnpublishInput = z.infer<typeof UnpublishInput>;

export const NamespaceInput = z.strictObject({ targetId: id });
export type NamespaceInput = z.infer<typeof NamespaceInput>;
