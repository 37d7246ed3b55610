import { z } from 'zod';
import { PLAIN_LINE, PLAIN_LINE_PROBLEM } from '@/lib/kernel/plain-text';
import { Probe } from './probe';

const id = z.string().min(1).max(60);

const settings = {
  connectionId: id,
  /** Tells several targets of one component in one environment apart; empty for the only one. */
  label: z.string().trim().max(40, 'At most 40 characters.').regex(PLAIN_LINE, PLAIN_LINE_PROBLEM).default(''),
  /** Only its shape; the provider's own schema decides. */
  config: z.record(z.string().min(1).max(100), z.unknown()),
};

export const createTargetInput = z.strictObject({
  componentId: id,
  environmentId: id,
  ...settings,
  /** Where the deployed thing says its version; null = only the provider is read back. */
  probe: Probe.nullable().default(null),
});
export type CreateTargetInput = z.input<typeof createTargetInput>;
/** `version` is the one that was read: somebody else's change in between is a conflict. */
export const updateTargetInput = z.strictObject({
  id,
  version: z.number().int().min(1),
  ...settings,
  /** Left out, it stays as it is; null removes it. */
  probe: Probe.nullable().optional(),
});
export type UpdateTargetInput = z.input<typeof updateTargetInput>;
