import { ServiceError } from '@/lib/kernel/errors';
import { explain, explainEverywhere } from '@/lib/members/model/policy';
import type { Grant, Permission } from '@/lib/members/model/role';
import { scopeFor, scopesPermit, type TokenScope } from '@/lib/members/model/token-scope';
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
  if (actor.kind === 'token' && !scopesPermit(actor.scopes, permission)) throw scopeMissing(scopeFor(permission));
}

function scopeMissing(scope: TokenScope | null): ServiceError {
  const mend = scope
    ? `This token lacks the scope “${scope}”. Make a token that has it under Members → API tokens.`
    : 'No token may do this. Do it in the console.';
  return new ServiceError('forbidden', 'scope_missing', mend);
}

/** For one's own things, which no permission covers: the scope that a token needs; none lets no token in. */
export function requireOwnScope(actor: Extract<Actor, { kind: 'token' }>, scope: TokenScope | undefined): void {
  if (!scope || !actor.scopes.includes(scope)) throw scopeMissing(scope ?? null);
}

/**
 * The verb's own check, so that one reached by another way than the pipeline still refuses.
 * `environment` null = the thing spans all environments. The engine itself may do what a person once asked it to.
 */
export function requirePermission(actor: Actor, permission: Permission, environment: string | null): void {
  if (actor.kind === 'system') return;
  const grants = grantsOf(actor);
  requireScope(actor, permission);
  const refusal =
    environment === null ? explainEverywhere(grants, permission) : explain(grants, permission, environment);
  if (refusal) throw new ServiceError('forbidden', refusal.code, refusal.sentence);
}

/**
 * For one's own thing in an environment, which needs no permission of its own: the person must still be able to see that
 * environment, and a token's limits must reach it. Which scope a token needs is asked with `requireOwnScope`.
 */
export function requireReach(actor: Actor, environment: string | null): void {
  if (actor.kind === 'system') return;
  const grants = grantsOf(actor);
  const read = 'deployment.read';
  const refusal = environment === null ? explainEverywhere(grants, read) : explain(grants, read, environment);
  if (!refusal) return;
  const where = environment ?? 'all environments';
  const limited = `This token does not reach ${where}. Use one that does, or do it in the console.`;
  throw new ServiceError('forbidden', refusal.code, actor.kind === 'token' ? limited : refusal.sentence);
}

/** Permitted in some environment at least: for lists that then filter their rows, and for things that have none. */
export function requireAnywhere(actor: Actor, permission: Permission): void {
  if (actor.kind === 'system') return;
  const grants = grantsOf(actor);
  requireScope(actor, permission);
  const refusal = explain(grants, permission, null);
  if (refusal) throw new ServiceError('forbidden', refusal.code, refusal.sentence);
}

/** The same as a question: for filtering rows and for controls that say why they are off. A webhook may nothing. */
export function isPermitted(actor: Actor, permission: Permission, environment: string | null): boolean {
  return whyNot(actor, permission, environment) === null;
}

/** Why the actor may not, in a sentence; null when they may. `environment` null = permitted somewhere at least. */
export function whyNot(actor: Actor, permission: Permission, environment: string | null): string | null {
  return asSentence(actor, () =>
    environment === null ? requireAnywhere(actor, permission) : requirePermission(actor, permission, environment),
  );
}

/** Why the actor may not in every environment, present and future; null when they may. */
export function whyNotEverywhere(actor: Actor, permission: Permission): string | null {
  return asSentence(actor, () => requirePermission(actor, permission, null));
}

export function isPermittedEverywhere(actor: Actor, permission: Permission): boolean {
  return whyNotEverywhere(actor, permission) === null;
}

function asSentence(actor: Actor, require: () => void): string | null {
  try {
    if (actor.kind === 'webhook') throw signedOut();
    require();
    return null;
  } catch (error) {
    if (error instanceof ServiceError) return error.sentence;
    throw error;
  }
}
