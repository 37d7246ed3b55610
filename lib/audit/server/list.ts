import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { cursorAt, exactly, placeAt } from '@/lib/db/keyset';
import { audit, auditChain } from '@/lib/db/schema';
import type { Page } from '@/lib/kernel/page';
import type { AuditView, auditFilters } from '../model/view';
import { matching, readable } from './filters';

function before(cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined;
  const { at, id } = placeAt(cursor, /^\d{1,15}$/);
  return sql`(${audit.at}, ${audit.id}) < (${at}::timestamptz, ${Number(id)}::int8)`;
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
    .select({ row: audit, at: exactly(audit.at), line: auditChain.seq })
    .from(audit)
    .leftJoin(auditChain, eq(auditChain.auditId, audit.id))
    .where(and(readable(ctx, 'audit.read'), before(filters.cursor), ...matching(filters)))
    .orderBy(sql`${audit.at} desc`, sql`${audit.id} desc`)
    .limit(filters.limit + 1);
  const page = rows.slice(0, filters.limit);
  const last = page.at(-1);
  return {
    rows: page.map(({ row, line }) => viewOf(row, line)),
    nextCursor: rows.length > filters.limit && last ? cursorAt({ at: last.at, id: String(last.row.id) }) : null,
  };
}
