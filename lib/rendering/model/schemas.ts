import { z } from 'zod';
import { TriggerInput } from '../../deployments/model/schemas';
import { RENDERING_MODES } from './mode';

/** A deployment in another mode. Everything beyond the mode is as for any deployment to the target. */
export const SwitchInput = z.strictObject({
  targetId: TriggerInput.shape.targetId,
  mode: z.enum(RENDERING_MODES, { error: 'Choose ssr or ssg.' }),
  /** `Preflight.digest`: what the person saw. Another one now is refused, with nothing sent. */
  preflight: z.string().regex(/^[0-9a-f]{64}$/, 'Send the digest of the check, 64 hexadecimal characters.'),
  /** Null: what is live now, built anew. */
  revision: TriggerInput.shape.revision.nullable().default(null),
  /** Null: as for what is live now. */
  inputs: TriggerInput.shape.inputs.nullable().default(null),
  reason: TriggerInput.shape.reason,
  checklist: TriggerInput.shape.checklist,
  freezeOverrideReason: TriggerInput.shape.freezeOverrideReason,
  idempotencyKey: TriggerInput.shape.idempotencyKey,
});
export type SwitchInput = z.input<typeof SwitchInput>;
