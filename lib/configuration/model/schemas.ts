import { z } from 'zod';
import { SETTING_KINDS } from '@/lib/providers/port';

/** The environment's id or slug. */
const environment = z.string().min(1).max(60);
const kind = z.enum(SETTING_KINDS);
const name = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(255, 'At most 255 characters.')
  .regex(/^[\w.-]+$/, 'A name has letters, digits, _, - and full stops only.');
/** The provider's own limit is asked for where it is written; this one only keeps requests small. */
const value = z
  .string()
  .min(1, 'Enter the value. What is to be empty is removed instead.')
  .max(65_536, 'At most 64 KB.')
  .refine((text) => !text.includes('\u0000'), 'A value holds no NUL character.');
const places = z
  .array(z.string().min(1).max(700))
  .min(1, 'Choose at least one place.')
  .max(20, 'At most 20 places.')
  .readonly();
const shown = z.string().regex(/^[0-9a-f]{64}$/, 'Load the plan again.');

export const readConfigurationInput = z.strictObject({ environment });

const about = { environment, kind, name, places };
export const planSettingInput = z.strictObject({ ...about, value });
export const setSettingInput = z.strictObject({ ...about, value, shown });
export const planRemovalInput = z.strictObject(about);
export const removeSettingInput = z.strictObject({ ...about, shown });

/** `version` is the one that was read: somebody else's change in between is a conflict. */
export const setRuntimeInput = z.strictObject({
  targetId: z.string().min(1).max(60),
  version: z.number().int().min(1),
  /** Null: nowhere that we know. `config` is the provider's own settings; its own schema decides. */
  runtime: z
    .strictObject({
      connectionId: z.string().min(1).max(60),
      config: z.record(z.string().min(1).max(100), z.unknown()),
    })
    .nullable(),
});
export type SetRuntimeInput = z.output<typeof setRuntimeInput>;

export type ReadConfigurationInput = z.output<typeof readConfigurationInput>;
export type PlanSettingInput = z.output<typeof planSettingInput>;
export type SetSettingInput = z.output<typeof setSettingInput>;
export type PlanRemovalInput = z.output<typeof planRemovalInput>;
export type RemoveSettingInput = z.output<typeof removeSettingInput>;
