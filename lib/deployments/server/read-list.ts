import 'server-only';
import { and, eq, ilike, inArray, like, lt, or, type SQL, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { cursorInvalid } from '@/lib/db/keyset';
import { components, deployments, releases } from '@/lib/db/schema';
import type { Page } from '@/lib/kernel/page';
import { DeploymentFilter } from '../model/schemas';
import { ACTIVE_STATUSES } from '../model/status';
import type { DeploymentSummary } from '../model/view';
import { readScope } from './read-scope';
import { selectSummaries, toSummary } from './row-views';

/** Newest first, by keyset on the number: page 1,000 costs as much as page 1. Throws `invalid` on a bad cursor. */
export async function listDeployments(
  ctx: ServiceContext,
  input: Partial<DeploymentFilter>,
): Promise<Page<DeploymentSummary>> {
  const filter = DeploymentFilter.parse(input);
  const where = await conditions(ctx, filter);
  if (where === 'nothing') return { rows: [], nextCursor: null };
  const rows = await selectSummaries(ctx.db)
    .where(and(...where))
    .orderBy(sql`${deployments.number} desc`)
    .limit(filter.limit + 1);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    rows: page.map(toSummary),
    nextCursor: rows.length > filter.limit && last ? encodeCursor(last.number) : null,
  };
}

/** `nothing` when a filter names a thing that is not there: no query can find a row. */
async function conditions(ctx: ServiceContext, filter: DeploymentFilter): Promise<SQL[] | 'nothing'> {
  const before = filter.cursor === undefined ? null : decodeCursor(filter.cursor);
  const [scope, component] = await Promise.all([readScope(ctx), componentId(ctx, filter.component)]);
  const environment = scope.environments.find((row) => row.slug === filter.environment);
  if (component === null || (filter.environment && !environment) || scope.ids.length === 0) return 'nothing';
  const where: SQL[] = [];
  if (environment) where.push(eq(deployments.environmentId, environment.id));
  else if (!scope.all) where.push(inArray(deployments.environmentId, scope.ids));
  if (component) where.push(eq(deployments.componentId, component));
  if (before !== null) where.push(lt(deployments.number, before));
  if (filter.status === 'active') where.push(inArray(deployments.status, [...ACTIVE_STATUSES]));
  else if (filter.status) where.push(eq(deployments.status, filter.status));
  if (filter.person) where.push(sql`lower(${deployments.requestedByName}) = lower(${filter.person})`);
  const text = filter.q?.trim();
  const matches = text ? await textCondition(ctx, text) : undefined;
  if (matches) where.push(matches);
  return where;
}

async function componentId(ctx: ServiceContext, slug: string | undefined): Promise<string | null | undefined> {
  if (!slug) return undefined;
  const row = await ctx.db.query.components.findFirst({ where: eq(components.slug, slug), columns: { id: true } });
  return row?.id ?? null;
}

/** So many releases that match are named one by one; beyond it a match is near wherever one looks. */
const FEW = 2_000;

/**
 * Commits and messages live in `releases`, which is far smaller than `deployments`: they are looked up first, so that a
 * rare word costs one pass over the small table.
 */
async function textCondition(ctx: ServiceContext, text: string): Promise<SQL | undefined> {
  if (/^#\d{1,15}$/.test(text)) return eq(deployments.number, Number(text.slice(1)));
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const bySha = /^[0-9a-f]{4,40}$/i.test(text) ? like(releases.sha, `${text.toLowerCase()}%`) : undefined;
  const inRelease = or(ilike(releases.message, pattern), ilike(releases.version, pattern), bySha);
  const found = await ctx.db.select({ id: releases.id }).from(releases).where(inRelease).limit(FEW);
  const inRef = ilike(deployments.ref, pattern);
  if (found.length === FEW) return or(inRef, inRelease);
  if (found.length === 0) return inRef;
  return or(
    inRef,
    inArray(
      deployments.releaseId,
      found.map((row) => row.id),
    ),
  );
}

function encodeCursor(number: number): string {
  return Buffer.from(`n${number}`).toString('base64url');
}

function decodeCursor(cursor: string): number {
  const found = /^n(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!found || encodeCursor(Number(found[1])) !== cursor) throw cursorInvalid();
  return Number(found[1]);
}
