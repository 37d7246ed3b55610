import { z } from 'zod';

/** Only the fields that are read, as the Platform API’s own schema gives them. */
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

export const accountSchema = z.object({ email: z.string().min(1).max(320) });
export const poolSchema = z.object({ remaining: z.number().int() });
export const appSchema = z.object({ id: uuid, name: z.string().regex(/^[a-z][a-z0-9-]{1,28}[a-z0-9]$/) });
/** Null stands for one that is being taken away. Heroku only advises what a name should be, so an odd one is read as it is. */
export const configVarsSchema = z.record(z.string(), z.string().nullable());
export const releaseSchema = z.object({
  description: z.string(),
  created_at: z.string(),
  version: z.number().int().nullish(),
  /** `pending`: its release phase runs; `failed` and `expired`: it never went live. */
  status: z.string().nullish(),
});
export const releasesSchema = z.array(releaseSchema);
export const errorSchema = z.object({ id: z.string().nullish(), message: z.string() });

export type Release = z.infer<typeof releaseSchema>;
