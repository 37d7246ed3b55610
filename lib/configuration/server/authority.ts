import type { Actor } from '@/lib/auth/actor';
import { isPermitted, whyNot, whyNotEverywhere } from '@/lib/auth/require';
import type { Gathered, GatheredPlace } from './gather';

/**
 * Why this person may not write into a place; null when they may. Whoever changes a place changes every environment that
 * reads it, so the permission has to reach all of these, and all there are for a place that anything may read.
 */
export function whyNotInto(actor: Actor, known: GatheredPlace, { unsure }: Pick<Gathered, 'unsure'>): string | null {
  const scope = known.traits.scopes.find(({ id }) => id === known.place.scope);
  if (!scope?.writable) return scope?.instead ?? 'It belongs to others and is changed at the provider itself.';
  if (known.place.absent) return known.place.absent;
  if (scope.shared) {
    const everywhere = whyNotEverywhere(actor, 'configuration.manage');
    return everywhere && `Every environment may read it: ${everywhere}`;
  }
  if (unsure === 'all' || unsure.has(known.server)) {
    const everywhere = whyNotEverywhere(actor, 'configuration.manage');
    return everywhere && `Which environments read it could not be found out just now: ${everywhere}`;
  }
  for (const environment of known.environments) {
    const refusal = whyNot(actor, 'configuration.manage', environment);
    if (!refusal) continue;
    // What somebody may not see is not named to them either.
    if (isPermitted(actor, 'deployment.read', environment)) return refusal;
    return 'An environment that you may not see reads it too. Ask an administrator of all environments.';
  }
  return null;
}
