import { and, eq, gte, ilike, like, lte, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere } from '@/lib/auth/require';
import { audit } from '@/lib/db/schema';
import { permits } from '@/lib/members/model/policy';
import type { auditFilters } from '../model/view';

/** A person's words are not a pattern. */
function literal(text: string): string {
  return text.replaceAll('\u0000', '').replace(/[\\%_]/g, '\\$&');
}

/** Lines of environments that the reader may read; lines of no environment only for those who may read all. */
export function readable(ctx: ServiceContext, permission: 'audit.read' | 'audit.export'): SQL | undefined {
  const { actor } = ctx;
  if (isPermittedEverywhere(actor, permission)) return undefined;
  const grants = actor.kind === 'user' || actor.kind === 'token' ? actor.grants : [];
  const matches = (pattern: string) => like(audit.environment, literal(pattern).replaceAll('*', '%'));
  return or(
    sql`false`,
    ...grants
      .filter((grant) => permits([grant], permission, null))
      .map((grant) => and(matches(grant.environmentPattern), grant.within ? matches(grant.within) : undefined)),
  );
}

export type FilterValues = Omit<z.output<typeof auditFilters>, 'cursor' | 'limit'>;

export function matching(filters: FilterValues): (SQL | undefined)[] {
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
