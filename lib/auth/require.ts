import { ServiceError } from '@/lib/kernel/errors';
import { explain, permitsEverywhere } from '@/lib/members/model/policy';
import type { Grant, Permission } from '@/lib/members/model/role';
import { scopeFor, scopesPermit } from '@/lib/members/model/token-scope';
import type { Actor } from './actor';

export function signedOut(): ServiceError {
  return new ServiceError('unauthenticated', 'signed_out', 'You are signed out. Sign in and try again.');
}

function grantsOf(actor: Actor): readonly Grant[] {
  if (actor.kind === 'anonymous') throw signedOut();
  return actor.kind === 'user' || actor.kind === 'token' ? actor.grants : [];
}

/** A token's scopes only ever take away from what its owner may. */
function requireScope(actor: Actor, permission: Permission): void {
  if (actor.kind !== 'token' || scopesPermit(actor.scopes, permission)) return;
  throw new ServiceError(
    'forbidden',
    'scope_missing',
    `This token lacks the scope “${scopeFor(permission) ?? 'none'}”. Make a token that has it under Members → API tokens.`,
  );
}

/**
 * The verb's own check, so that one reached by another way than the pipeline still refuses.
 * `environment` null = the thing spans all environments. The engine itself may do what a person once asked it to.
 */
export function requirePermission(actor: Actor, permission: Permission, environment: string | null): void {
  if (actor.kind === 'system') return;
  const grants = grantsOf(actor);
  requireScope(actor, permission);
  if (environment === null && permitsEverywhere(grants, permission)) return;
  const refusal = explain(grants, permission, environment ?? 'all environments');
  if (refusal) throw new ServiceError('forbidden', refusal.code, refusal.sentence);
}

/** Permitted in some environment at least: for lists that then filter their rows, and for things that have none. */
export function requireAnywhere(actor: Actor, permission: Permission): void {
  if (actor.kind === 'system') return;
  const grants = grantsOf(actor);
  requireScope(actor, permission);
  const refusal = explain(grants, permission, null);
  if (refusal) throw new ServiceError('forbidden', refusal.code, refusal.sentence);
}
