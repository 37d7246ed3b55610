import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { audit, auditChain } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { Page } from '@/lib/kernel/page';
import type { AuditView, auditFilters } from '../model/view';
import { matching, readable } from './filters';

/** Microseconds survive only as text; a `Date` would cut them and skip or repeat lines. */
const position = sql<string>`to_char(${audit.at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

function before(cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined;
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)~(\d{1,15})$/.exec(cursor);
  if (!found || Number.isNaN(Date.parse(found[1] ?? ''))) {
    throw new ServiceError('invalid', 'cursor_invalid', 'This page link is broken. Start again from the first page.');
  }
  return sql`(${audit.at}, ${audit.id}) < (${found[1]}::timestamptz, ${Number(found[2])}::int8)`;
}

function viewOf(row: typeof audit.$inferSelect, line: number | null): AuditView {
  return {
    id: row.id,
    line,
    at: row.at.toISOString(),
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    action: row.action,
    resource: { kind: row.resourceKind, id: row.resourceId },
    environment: row.environment,
    outcome: row.outcome,
    code: row.code,
    sentence: row.sentence,
    data: row.data as Record<string, unknown>,
    requestId: row.requestId,
    ip: row.ip,
  };
}

/** The audit log, newest first, filtered; each page starts where the one before ended, whatever was added meanwhile. */
export async function listAudit(ctx: ServiceContext, filters: z.output<typeof auditFilters>): Promise<Page<AuditView>> {
  requireAnywhere(ctx.actor, 'audit.read');
  const rows = await ctx.db
    .select({ row: audit, position, line: auditChain.seq })
    .from(audit)
    .leftJoin(auditChain, eq(auditChain.auditId, audit.id))
    .where(and(readable(ctx, 'audit.read'), before(filters.cursor), ...matching(filters)))
    .orderBy(sql`${audit.at} desc`, sql`${audit.id} desc`)
    .limit(filters.limit + 1);
  const page = rows.slice(0, filters.limit);
  const last = page.at(-1);
  return {
    rows: page.map(({ row, line }) => viewOf(row, line)),
    nextCursor: rows.length > filters.limit && last ? `${last.position}~${last.row.id}` : null,
  };
}
