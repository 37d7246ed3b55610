import type { Grant } from '@/lib/members/model/role';

/** Who acts. A total switch over `kind` keeps the audit honest about it. */
export type Actor =
  | { kind: 'user'; id: string; name: string; grants: Grant[]; sessionHash: string; ip: string | null }
  | { kind: 'system'; name: string }
  | { kind: 'webhook'; name: string; connectionId: string }
  | { kind: 'anonymous'; name: 'anonymous'; ip: string | null };

export const engineActor: Actor = { kind: 'system', name: 'AetherStack' };
