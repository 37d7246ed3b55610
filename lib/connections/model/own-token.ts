import { z } from 'zod';
import { connectionId, originInput, tokenText } from './schemas';

/** A person's own token at a provider; what it may be is left to the provider. */
export const ownTokenInput = z.strictObject({
  connectionId,
  /** The address that the person was shown: a connection that leads elsewhere meanwhile gets nothing. */
  origin: originInput,
  token: tokenText,
});
export const ownTokenRef = z.strictObject({ connectionId });

/** One connection at which a person may have a token of their own. Times are ISO 8601 in UTC. */
export interface OwnTokenView {
  connection: { id: string; name: string; providerLabel: string; origin: string };
  /** What such a token has to be able to, and where one is made. */
  needs: string;
  madeAt: string;
  /** Null while none is stored. */
  stored: {
    login: string;
    last4: string;
    checkedAt: string;
    expiresAt: string | null;
    createdAt: string;
    /** Why it cannot be used any more; null while it can. */
    problem: string | null;
    notes: string[];
  } | null;
}
