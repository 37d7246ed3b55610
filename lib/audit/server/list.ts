import { and, eq, gte, ilike, like, lte, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere, requireAnywhere } from '@/lib/auth/require';
import { audit } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { Page } from '@/lib/kernel/page';
import { permits } from '@/lib/members/model/policy';
import type { AuditView, auditFilters } from '../model/view';

/** A person's words are not a pattern. */
function literal(text: string): string {
  return text.replaceAll('\u0000', '').replace(/[\\%_]/g, '\\$&');
}

/** Lines of environments that the reader may read; lines of no environment only for those who may read all. */
function readable(ctx: ServiceContext): SQL | undefined {
  const { actor } = ctx;
  if (isPermittedEverywhere(actor, 'audit.read')) return undefined;
  const grants = actor.kind === 'user' || actor.kind === 'token' ? actor.grants : [];
  const matches = (pattern: string) => like(audit.environment, literal(pattern).replaceAll('*', '%'));
  return or(
    sql`false`,
    ...grants
      .filter((grant) => permits([grant], 'audit.read', null))
      .map((grant) => and(matches(grant.environmentPattern), grant.within ? matches(grant.within) : undefined)),
  );
}

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

function matching(filters: z.output<typeof auditFilters>): (SQL | undefined)[] {
  const { actor, action, resourceKind, resourceId, outcome, environment, text, from, to } = filters;
  return [
    actor ? or(eq(audit.actorId, actor), ilike(audit.actorName, `%${literal(actor)}%`)) : undefined,
    action ? or(eq(audit.action, action), like(audit.action, `${literal(action)}.%`)) : undefined,
    resourceKind ? eq(audit.resourceKind, resourceKind) : undefined,
    resourceId ? eq(audit.resourceId, resourceId) : undefined,
    outcome ? eq(audit.outcome, outcome) : undefined,
    environment ? eq(audit.environment, environment) : undefined,
    text ? ilike(audit.sentence, `%${literal(text)}%`) : undefined,
    from ? gte(audit.at, new Date(from)) : undefined,
    to ? lte(audit.at, new Date(to)) : undefined,
  ];
}

function viewOf(row: typeof audit.$inferSelect): AuditView {
  return {
    id: row.id,
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
    .select({ row: audit, position })
    .from(audit)
    .where(and(readable(ctx), before(filters.cursor), ...matching(filters)))
    .orderBy(sql`${audit.at} desc`, sql`${audit.id} desc`)
    .limit(filters.limit + 1);
  const page = rows.slice(0, filters.limit);
  const last = page.at(-1);
  return {
    rows: page.map(({ row }) => viewOf(row)),
    nextCursor: rows.length > filters.limit && last ? `${last.position}~${last.row.id}` : null,
  };
}
