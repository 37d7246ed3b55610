import type { Actor } from '@/lib/auth/actor';
import { ServiceError } from '@/lib/kernel/errors';
import { explain, permitsEverywhere } from '@/lib/members/model/policy';
import type { Permission } from '@/lib/members/model/role';

/** A permission of the matrix; or `signedIn` for one's own things; or `anyone` for signing in and setting up. */
export type Requirement = Permission | 'signedIn' | 'anyone';

/** First question: signed in, and permitted anywhere at all? Asked before the input is even parsed. */
export function authorizeType(actor: Actor, requirement: Requirement): void {
  if (requirement === 'anyone') return;
  if (actor.kind !== 'user')
    throw new ServiceError('unauthenticated', 'signed_out', 'You are signed out. Sign in and try again.');
  if (requirement === 'signedIn') return;
  const refusal = explain(actor.grants, requirement, null);
  if (refusal) throw new ServiceError('forbidden', refusal.code, refusal.sentence);
}

/** Second question: permitted on this very thing? `environment` null = the thing spans all environments. */
export function authorizeInstance(actor: Actor, requirement: Requirement, environment: string | null): void {
  if (requirement === 'anyone' || requirement === 'signedIn') return;
  const grants = actor.kind === 'user' ? actor.grants : [];
  if (environment === null && permitsEverywhere(grants, requirement)) return;
  const refusal = explain(grants, requirement, environment ?? 'all environments');
  if (refusal) throw new ServiceError('forbidden', refusal.code, refusal.sentence);
}
