import { z } from 'zod';
import { moment } from '@/lib/kernel/moment';

export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export const AUDIT_ACTOR_KINDS = ['user', 'system', 'webhook', 'token', 'anonymous'] as const;

/** One line of the audit log, as people see it. Times are ISO 8601 in UTC. */
export interface AuditView {
  id: number;
  /** Its place in the chain, counted in the order of commits; null only when it was put in past the console. */
  line: number | null;
  at: string;
  actor: { kind: (typeof AUDIT_ACTOR_KINDS)[number]; id: string | null; name: string };
  action: string;
  resource: { kind: string; id: string | null };
  environment: string | null;
  outcome: AuditOutcome;
  code: string | null;
  sentence: string;
  data: Record<string, unknown>;
  requestId: string | null;
  ip: string | null;
}

const text = (max: number) => z.string().trim().max(max, `At most ${max} characters.`);

/** Filters of the audit log; the address bar holds the same names. */
export const auditFilters = z.strictObject({
  actor: text(80).optional(),
  action: text(100).optional(),
  resourceKind: text(60).optional(),
  resourceId: text(200).optional(),
  outcome: z.enum(AUDIT_OUTCOMES, { error: 'done, refused or failed.' }).optional(),
  environment: text(64).optional(),
  /** Words in the sentence, case-insensitive. */
  text: text(120).optional(),
  from: moment.optional(),
  to: moment.optional(),
  cursor: text(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditFilters = z.input<typeof auditFilters>;

export const AUDIT_FORMATS = ['csv', 'json'] as const;

/** The same filters as the list; `json` is one JSON object a line. */
export const auditExportInput = auditFilters
  .omit({ cursor: true, limit: true })
  .extend({ format: z.enum(AUDIT_FORMATS, { error: 'csv or json.' }) });
