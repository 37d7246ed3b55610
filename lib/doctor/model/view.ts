import type { ConnectionHealth, QuotaView } from '@/lib/connections/model/view';

/** `broken`: something cannot work now. `warning`: it works, and will not for long or not fully. `note`: worth a look. */
export const SEVERITIES = ['broken', 'warning', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `link`: `to` is a page of the console. `check`: `to` is the connection to ask again. `replay`: `to` is the delivery. */
export const MENDS = ['link', 'check', 'replay'] as const;

export interface Mend {
  kind: (typeof MENDS)[number];
  label: string;
  to: string;
}

export interface Finding {
  /** Stable, for programs. */
  code: string;
  severity: Severity;
  sentence: string;
  mend: Mend;
}

/** Times are ISO 8601 in UTC. All of it is what the console knows already; no provider was asked for it. */
export interface DoctorConnection {
  id: string;
  name: string;
  provider: { id: string; label: string };
  state: ConnectionHealth;
  /** Whom the provider took the credential for, when it was asked last. */
  account: string | null;
  checkedAt: string | null;
  expiresAt: string | null;
  scopes: string[];
  /** Limits that the provider told. */
  quotas: QuotaView[];
  /** `lastFailedAt`: the newest delivery that was set aside, of those that are kept. */
  webhook: { supported: boolean; configured: boolean; lastReceivedAt: string | null; lastFailedAt: string | null };
  /** Targets that deploy through it, and components whose images it reads. */
  uses: number;
  findings: Finding[];
}

/** What is broken before what is only worth a look, and that before what is well; otherwise as they come. */
export function worstFirst<T extends Pick<DoctorConnection, 'findings'>>(connections: readonly T[]): T[] {
  const worst = ({ findings }: T) =>
    Math.min(SEVERITIES.length, ...findings.map(({ severity }) => SEVERITIES.indexOf(severity)));
  return connections.toSorted((a, b) => worst(a) - worst(b));
}

export interface DoctorView {
  at: string;
  /** How many findings of each severity there are. */
  counts: Record<Severity, number>;
  connections: DoctorConnection[];
  /** Findings about subscriptions; null when the reader may not see those. */
  subscriptions: Finding[] | null;
}
