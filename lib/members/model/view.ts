import type { Grant } from './role';

/** Times are ISO 8601 in UTC. */
export interface SessionView {
  /** SHA-256 of the session id: names a session, cannot open one. */
  id: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  ip: string | null;
  userAgent: string | null;
  isCurrent: boolean;
}

export interface MemberView {
  id: string;
  login: string;
  name: string;
  grants: Grant[];
  signIn: 'password' | 'identity' | 'invited';
  disabledAt: string | null;
  createdAt: string;
  lastSeenAt: string | null;
  sessions: number;
}

/** A one-time link; the token is shown once and only its SHA-256 is kept. */
export interface InvitationView {
  userId: string;
  login: string;
  token: string;
  expiresAt: string;
}

/** What was ended when somebody was shut out. */
export interface Ended {
  sessionsEnded: number;
  tokensRevoked: number;
}
