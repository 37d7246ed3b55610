import 'server-only';
import { and, eq, isNotNull, ne, or, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, targets } from '@/lib/db/schema';
import { gates } from '@/lib/gates/model/gates';
import { newId } from '@/lib/kernel/ids';
import { deployGate } from '../model/eligibility';
import { type PromotionPlan, promotionSays, whyNotPromoted } from '../model/promotion';
import type { Allowed, DeploymentSummary } from '../model/view';
import { readGateFacts } from './gate';
import { offerOf } from './prepare-serve';
import { asksFor } from './read-composer';
import { asRefusal, type Opened, readManifest, tryOpen } from './read-provider';
import { type LoadedTarget, loadTarget, mayIn, notFound, readScope } from './read-scope';
import { selectSummaries, toSummary } from './row-views';
import { type DeploymentRow, loadDeployment } from './rows';

const CANDIDATES = 30;

/** What can be served on a target without being built, what that brings along, and what of it is possible now. */
export async function readPromotion(
  ctx: ServiceContext,
  input: { targetId: string; fromDeploymentId?: string | undefined },
): Promise<PromotionPlan> {
  const loaded = await loadTarget(ctx, input.targetId);
  const { target, component, environment, connection } = loaded;
  const manifest = await readManifest(ctx, { providerId: connection.providerId, connectionId: connection.id });
  const provider = manifest?.label ?? connection.providerId;
  const able = manifest?.capabilities.promote !== undefined;
  const chosen = input.fromDeploymentId === undefined ? null : await requireSource(ctx, loaded, input.fromDeploymentId);
  const opened = able ? await tryOpen(ctx, connection.id) : null;
  const [current, candidates, held] = await Promise.all([
    readCurrent(ctx, target.currentDeploymentId),
    able ? readCandidates(ctx, loaded) : [],
    heldOf(opened, target.config),
  ]);
  return {
    target: {
      ...{ id: target.id, label: target.label, component: { slug: component.slug, name: component.name } },
      environment: { slug: environment.slug, name: environment.name, isProduction: environment.isProduction },
    },
    ...{ provider, current, candidates, held },
    chosen: chosen && (await describe(ctx, loaded, { row: chosen, opened, provider })),
    idempotencyKey: newId('key'),
  };
}

async function readCurrent(ctx: ServiceContext, id: string | null): Promise<DeploymentSummary | null> {
  const [row] = id ? await selectSummaries(ctx.db).where(eq(deployments.id, id)) : [];
  return row ? toSummary(row) : null;
}

/** Live elsewhere now, or newer than what is live here: older ones are what a roll-back is for. */
async function readCandidates(ctx: ServiceContext, { target, connection }: LoadedTarget): Promise<DeploymentSummary[]> {
  const { ids } = await readScope(ctx);
  const current = target.currentDeploymentId ? await loadDeployment(ctx.db, target.currentDeploymentId) : null;
  const rows = await selectSummaries(ctx.db)
    .where(
      and(
        eq(deployments.componentId, target.componentId),
        eq(deployments.connectionId, connection.id),
        eq(deployments.status, 'succeeded'),
        isNotNull(deployments.remoteId),
        current?.remoteId ? ne(deployments.remoteId, current.remoteId) : undefined,
        or(
          and(ne(deployments.targetId, target.id), eq(deployments.id, targets.currentDeploymentId)),
          and(eq(deployments.targetId, target.id), sql`${deployments.number} > ${builtNumber(current)}`),
        ),
        sql`${deployments.environmentId} = any(${sql.param(ids)}::text[])`,
      ),
    )
    .orderBy(sql`${deployments.number} desc`)
    .limit(CANDIDATES);
  return rows.map(toSummary);
}

/** Of the build that is served now: the first deployment that had it. */
function builtNumber(current: DeploymentRow | null) {
  if (!current) return sql`0`;
  return sql`(select min(b.number) from ${deployments} b
    where b.connection_id = ${current.connectionId} and b.remote_id = ${current.remoteId})`;
}

async function requireSource(ctx: ServiceContext, { component }: LoadedTarget, id: string): Promise<DeploymentRow> {
  const row = await loadDeployment(ctx.db, id);
  if (row?.componentId !== component.id) throw notFound('deployment');
  await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  return row;
}

async function heldOf(opened: Opened | null, config: DeploymentRow['config']): Promise<string | null> {
  if (!opened?.ok) return null;
  try {
    return (await opened.open.provider.methods.promote?.serving(opened.open.context, config))?.held ?? null;
  } catch (error) {
    // The page is of use without it; a bug is thrown on.
    asRefusal(error);
    return null;
  }
}

interface About {
  row: DeploymentRow;
  opened: Opened | null;
  provider: string;
}

async function describe(
  ctx: ServiceContext,
  loaded: LoadedTarget,
  { row, opened, provider }: About,
): Promise<NonNullable<PromotionPlan['chosen']>> {
  const { target, component, environment, connection } = loaded;
  const [summary] = await selectSummaries(ctx.db).where(eq(deployments.id, row.id));
  if (!summary) throw notFound('deployment');
  const mayRequest = mayIn(ctx.actor, 'deployment.request', environment.slug);
  const asked = { kind: 'promote', sha: row.sha, ticked: null, mayRequest, promotes: row.id } as const;
  const facts = await readGateFacts(ctx.db, loaded, null, asked);
  const fits = { componentId: component.id, connectionId: connection.id, rendering: target.rendering };
  const offer = await ask(opened, target.config, row);
  const refusal = whyNotPromoted(row, fits) ?? offer.refusal;
  return {
    deployment: toSummary(summary),
    how: offer.how,
    says: promotionSays(offer.how, provider, { number: row.number, because: offer.because }),
    baked: facts.baked ?? null,
    sideEffects: effects(row, loaded, provider, offer.how),
    gates: gates(facts),
    policy: asksFor(facts),
    allowed: refusal
      ? { allowed: false, refusal }
      : offer.how === 'rebuild'
        ? rebuildOnly(offer.because)
        : deployGate(facts),
  };
}

function rebuildOnly(because: string | null): Allowed {
  const sentence = `It cannot be promoted: ${because ?? 'the host serves no build again.'} Deploy its commit instead.`;
  return { allowed: false, refusal: { code: 'needs_rebuild', sentence } };
}

type Answer = { how: 'build' | 'rebuild'; because: string | null; refusal: Allowed['refusal'] };

async function ask(opened: Opened | null, config: DeploymentRow['config'], row: DeploymentRow): Promise<Answer> {
  if (!opened) return { how: 'rebuild', because: null, refusal: null };
  if (!opened.ok) return { how: 'build', because: null, refusal: opened.refusal };
  try {
    const offer = await offerOf(opened.open, config, row);
    if (offer?.as === 'build') return { how: 'build', because: null, refusal: null };
    return { how: 'rebuild', because: offer?.because ?? null, refusal: null };
  } catch (error) {
    return { how: 'build', because: null, refusal: asRefusal(error) };
  }
}

function effects(
  row: DeploymentRow,
  { environment }: LoadedTarget,
  provider: string,
  how: 'build' | 'rebuild',
): string[] {
  if (how === 'rebuild') return [];
  const since = row.requestedAt.toISOString().slice(0, 10);
  return [
    `It runs with the variables that ${provider} had when it was built (${since}); a variable that changed since is not in it.`,
    `What ${provider} held back in ${environment.name} goes live by itself again from then on, where a promotion ends that hold.`,
  ];
}
