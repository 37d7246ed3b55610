import type { ServiceAccountKey } from '@/lib/http/service-account';
import type { Secret } from '@/lib/kernel/secret';
import type { EcrHost } from './manifest';

/** What a registry takes for a while, made from a key that it is never shown. Times are epoch milliseconds. */
export interface Login {
  username: string;
  password: Secret;
  until: number;
  /** From then on a new one is made. */
  renewAt: number;
}

/** What one session holds; a process makes each login once for all who need it, and keeps it nowhere else. */
export interface KeptLogin {
  making: Promise<Login>;
  since: number;
}

/** A key that logins are made from. */
export type LoginKey =
  | { kind: 'access-key'; id: string; secret: Secret; host: EcrHost }
  | ({ kind: 'service-account' } & ServiceAccountKey);
