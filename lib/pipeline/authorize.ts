import type { Actor } from '@/lib/auth/actor';
import { requireAnywhere, requireOwnScope, requirePermission, signedOut } from '@/lib/auth/require';
import type { Permission } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';

/** A permission of the matrix; or `signedIn` for one's own things; or `anyone` for signing in and setting up. */
export type Requirement = Permission | 'signedIn' | 'anyone';

/**
 * First question: signed in, and permitted anywhere at all? Asked before the input is even parsed.
 * `scope` is what a token needs for one's own things; without it no token may, whoever's it is.
 */
export function authorizeType(actor: Actor, requirement: Requirement, scope?: TokenScope | 'any'): void {
  if (requirement === 'anyone') return;
  if (actor.kind !== 'user' && actor.kind !== 'token') throw signedOut();
  if (requirement !== 'signedIn') requireAnywhere(actor, requirement);
  else if (actor.kind === 'token' && scope !== 'any') requireOwnScope(actor, scope);
}

/** Second question: permitted on this very thing? `environment` null = the thing spans all environments. */
export function authorizeInstance(actor: Actor, requirement: Requirement, environment: string | null): void {
  if (requirement === 'anyone' || requirement === 'signedIn') return;
  requirePermission(actor, requirement, environment);
}
