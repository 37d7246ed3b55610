import type { Telling } from '@/lib/announcements/model/telling';
import type { AuthorityView } from '@/lib/connections/model/authority';
import type { ConnectionHealth, QuotaView } from '@/lib/connections/model/view';
import type { CredentialReport, CredentialUse, Needs } from '@/lib/providers/port';

/** What is known of a connection before anybody judges it. Times are ISO 8601 in UTC. */
export interface ConnectionFacts {
  id: string;
  name: string;
  /** `known`: this build has it. */
  provider: { id: string; label: string; known: boolean };
  hasCredential: boolean;
  /** Who vouches for its server; none, where the usual ones do. */
  authorities: AuthorityView[];
  state: ConnectionHealth;
  report: CredentialReport | null;
  /** When it ends, also where no check said so; null = unknown, left out = as the report says. ISO 8601 in UTC. */
  endsAt?: string | null;
  /** What to do about its end where a new credential would end as well; null = a new one will do. */
  wayOut?: string | null;
  checkedAt: string | null;
  /** What a credential of this kind has to list for each use; by the provider. */
  needs: Partial<Record<CredentialUse, Needs>>;
  quotas: QuotaView[];
  webhook: {
    supported: boolean;
    configured: boolean;
    rotating: boolean;
    lastReceivedAt: string | null;
    /** Deliveries that were set aside in the last seven days, and the newest of all that are kept. */
    setAside: { recent: number; newest: SetAside | null };
  };
  /** How many things use it, seen by the reader or not. */
  uses: number;
  targets: TargetFacts[];
  /** When something was last sent through it. */
  lastSentAt: string | null;
}

export interface SetAside {
  id: string;
  event: string;
  at: string;
  /** False for bytes that were no payload: processing them again cannot help. */
  readable: boolean;
}

export interface TargetFacts {
  id: string;
  /** `Backend in Production`. */
  name: string;
  /** Its environment lets nothing through without looking at the checks of the commit. */
  asksChecks: boolean;
  /** Why the stored settings do not fit the provider any more. */
  settingsProblem: string | null;
  /** The newest deployment, when it ended before the provider started anything. `byPlan`: its plan does not have what it takes. */
  refused: { number: number; sentence: string; byPlan?: boolean } | null;
  /** Why the last looks at what is live found nothing out. */
  unseen: string | null;
  /** What the provider is told of its deployments. */
  telling: Telling;
  /** Why the newest of them could not be told, when it was for want of a right; null otherwise. */
  untold: string | null;
  /** It goes out as a site of a repository. */
  isSite: boolean;
  /** Names that its deployment needs and that the last look at the configuration did not find. */
  missing: LackedNames | null;
  /** Names that it found where several environments share them, which the workflow refuses. */
  shared: LackedNames | null;
  /** Of the places that the last look at its settings asked for, what the provider's plan does not have: the provider's sentence. */
  planLacks?: string | null;
  /** Why it is not known what it lacks: the provider's sentence, or null where nobody has looked for long. Null: it is known. */
  unread: { environment: string; sentence: string | null; readAt: string | null } | null;
}

export interface LackedNames {
  environment: string;
  names: string[];
  /** Why other names do not do instead, each a sentence. */
  because: string[];
  readAt: string;
}

export interface SubscriptionFacts {
  id: string;
  name: string;
  enabled: boolean;
  /** Given up in the last 24 hours. */
  dead: number;
  trouble: string | null;
}
