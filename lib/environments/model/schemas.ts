import { z } from 'zod';
import { displayName, position, slug } from '../../components/model/schemas';

const fields = {
  name: displayName,
  isProduction: z.boolean().default(false),
  position,
};

export const createEnvironmentInput = z.strictObject({ slug, ...fields });
export type CreateEnvironmentInput = z.input<typeof createEnvironmentInput>;
export const updateEnvironmentInput = z.strictObject({ id: z.string().min(1).max(60), ...fields });
export type UpdateEnvironmentInput = z.input<typeof updateEnvironmentInput>;
