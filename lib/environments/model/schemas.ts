import { z } from 'zod';
import { displayName, position, slug } from '../../components/model/schemas';

export const createEnvironmentInput = z.strictObject({
  slug,
  name: displayName,
  isProduction: z.boolean().default(false),
  position,
});
export type CreateEnvironmentInput = z.input<typeof createEnvironmentInput>;
/** Whether it is production has to be said: left out by mistake, production would lose what protects it. */
export const updateEnvironmentInput = z.strictObject({
  id: z.string().min(1).max(60),
  name: displayName,
  isProduction: z.boolean(),
  position,
});
export type UpdateEnvironmentInput = z.input<typeof updateEnvironmentInput>;
