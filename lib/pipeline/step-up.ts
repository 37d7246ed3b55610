import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { provenLately } from '@/lib/auth/sessions';
import { users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { ProofWay } from '@/lib/kernel/result';

/** `high`: what hurts most if a session was left open or stolen. A function decides by the input. */
export type Risk<I> = 'high' | ((ctx: ServiceContext, input: I) => Promise<boolean>);

export const STEP_UP_REQUIRED = 'step_up_required';

/**
 * How the person has to prove who they are before a risky action; null when they did a short while ago. A token was made
 * under such a proof and cannot be asked for one.
 */
export async function missingProof<I>(
  ctx: ServiceContext,
  risk: Risk<I> | undefined,
  input: I,
): Promise<ProofWay | null> {
  if (risk === undefined || ctx.actor.kind !== 'user') return null;
  if (risk !== 'high' && !(await risk(ctx, input))) return null;
  if (await provenLately(ctx.db, ctx.actor.sessionHash)) return null;
  const [user] = await ctx.db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, ctx.actor.id));
  return user?.hash ? 'password' : 'identity';
}

export function stepUpRequired(way: ProofWay): ServiceError {
  const how = way === 'password' ? 'Enter your password once more' : 'Sign in once more';
  return new ServiceError(
    'forbidden',
    STEP_UP_REQUIRED,
    `${how}, then this goes through: it is asked for when your last proof is a while ago.`,
  );
}
