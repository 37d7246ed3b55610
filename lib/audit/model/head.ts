import { z } from 'zod';

/** The chain's newest link at one moment, signed with a key that is not in the database. One JSON object a line in an anchor. */
export const signedHead = z.object({
  seq: z.number().int().min(1),
  /** SHA-256 of the link, 64 hex digits. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** UTC with six digits of a second, as the database wrote it. */
  signedAt: z.string().regex(/^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  /** Names the key, reveals nothing of it. */
  keyId: z.string().max(64),
  /** HMAC-SHA-256, 64 hex digits. */
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SignedHead = z.output<typeof signedHead>;

/** What is signed; everything but the signature itself. */
export function headText(head: Omit<SignedHead, 'signature'>): string {
  return ['aetherstack/audit-head/1', head.seq, head.hash, head.signedAt, head.keyId].join('\n');
}
