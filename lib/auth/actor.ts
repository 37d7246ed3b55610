import type { Grant } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';

/** Who acts. A total switch over `kind` keeps the audit honest about it. */
export type Actor =
  | { kind: 'user'; id: string; name: string; grants: Grant[]; sessionHash: string; ip: string | null }
  /** A person's API token: acts for its owner with the owner's grants, narrowed by `scopes`. */
  | {
      kind: 'token';
      id: string;
      userId: string;
      name: string;
      grants: Grant[];
      scopes: readonly TokenScope[];
      ip: string | null;
    }
  | { kind: 'system'; name: string }
  | { kind: 'webhook'; name: string; connectionId: string }
  | { kind: 'anonymous'; name: 'anonymous'; ip: string | null };

export const engineActor: Actor = { kind: 'system', name: 'AetherStack' };

/** The person behind an actor, whichever way they came; null for machines and strangers. */
export function personId(actor: Actor): string | null {
  if (actor.kind === 'user') return actor.id;
  return actor.kind === 'token' ? actor.userId : null;
}
