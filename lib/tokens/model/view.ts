import type { Grant } from '@/lib/members/model/role';
import type { TokenScope } from '@/lib/members/model/token-scope';

/** Times are ISO 8601 in UTC. */
export interface TokenView {
  id: string;
  name: string;
  owner: { id: string; name: string };
  isYours: boolean;
  last4: string;
  scopes: TokenScope[];
  environmentPattern: string;
  createdAt: string;
  expiresAt: string;
  /** At most a minute old; null = never. */
  lastUsedAt: string | null;
  state: 'live' | 'expired' | 'revoked' | 'owner_disabled';
}

/** The only time that the token itself is seen. */
export interface NewToken {
  id: string;
  name: string;
  token: string;
  expiresAt: string;
}

/** Who a request is, for `whoami`. */
export interface CallerView {
  kind: 'user' | 'token';
  person: { id: string; name: string };
  grants: Grant[];
  token: { id: string; name: string; scopes: TokenScope[]; environmentPattern: string; expiresAt: string } | null;
}
