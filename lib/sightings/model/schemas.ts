import { z } from 'zod';

export const lookInput = z.strictObject({ targetId: z.string().min(1).max(80) });
export type LookInput = z.infer<typeof lookInput>;

/** What a look found. */
export interface Look {
  /** The commit or version that is live, as far as anybody can tell. */
  live: string | null;
  drift: string | null;
  trouble: string | null;
}
