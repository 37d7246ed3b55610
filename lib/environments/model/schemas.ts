import { z } from 'zod';
import { displayName, slug } from '../../components/model/schemas';

const fields = {
  name: displayName,
  isProduction: z.boolean().default(false),
  position: z.number().int().min(0).max(10_000).default(0),
};

export const createEnvironmentInput = z.strictObject({ slug, ...fields });
export type CreateEnvironmentInput = z.input<typeof createEnvironmentInput>;
export const updateEnvironmentInput = z.strictObject({ id: z.string().min(1).max(60), ...fields });
export type UpdateEnvironmentInput = z.input<typeof updateEnvironmentInput>;
