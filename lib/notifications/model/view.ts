/** Times are ISO 8601 in UTC. No view ever holds an address beyond its origin, or a secret. */
export type SubscriptionKind = 'webhook' | 'slack';
export type NotificationState = 'pending' | 'delivered' | 'dead';

export interface SubscriptionView {
  id: string;
  name: string;
  kind: SubscriptionKind;
  origin: string;
  /** Names of lib/notifications/model/events.ts; `*` = all. */
  events: string[];
  environmentPattern: string;
  createdBy: string;
  createdAt: string;
  disabledAt: string | null;
  version: number;
  /** Of the last 24 hours. */
  delivered: number;
  pending: number;
  dead: number;
  lastDeliveredAt: string | null;
  /** What the newest undelivered one met; null when nothing is in the way. */
  trouble: string | null;
}

export interface NotificationView {
  id: string;
  event: string;
  sentence: string;
  state: NotificationState;
  tries: number;
  nextTryAt: string | null;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: string;
  deliveredAt: string | null;
}

export interface Ledger {
  subscription: SubscriptionView;
  rows: NotificationView[];
  nextCursor: string | null;
}

/** Shown once; null when there is none, or when it stays the same. */
export interface SigningSecret {
  secret: string | null;
}
