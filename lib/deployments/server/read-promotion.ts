import 'server-only';
import { and, eq, isNotNull, ne, or, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, environments, targets } from '@/lib/db/schema';
import { gates } from '@/lib/gates/model/gates';
import { newId } from '@/lib/kernel/ids';
import type { Serving } from '@/lib/providers/port';
import { deployGate } from '../model/eligibility';
import { hasAddresses, startsAnew } from '../model/hosting';
import { type PromotionPlan, promotionEffects, promotionSays, servedAlready, whyNotPromoted } from '../model/promotion';
import { isServed } from '../model/serve';
import type { Allowed, DeploymentSummary } from '../model/view';
import { readLive, standing } from './age';
import { readGateFacts } from './gate';
import { offerOf } from './prepare-serve';
import { asksFor } from './read-composer';
import { asRefusal, type Opened, readManifest, tryOpen } from './read-provider';
import { type LoadedTarget, loadTarget, mayIn, notFound, readScope } from './read-scope';
import { selectSummaries, toSummary } from './row-views';
import { type DeploymentRow, loadDeployment } from './rows';
import { olderThanServing } from './served-age';

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
  const [current, { serving, unasked }] = await Promise.all([
    readCurrent(ctx, target.currentDeploymentId),
    able && hasAddresses(manifest?.capabilities, target.config) ? servingOf(opened, target.config) : NOT_ASKED,
  ]);
  const candidates = able ? await readCandidates(ctx, loaded, serving) : [];
  return {
    target: {
      ...{ id: target.id, label: target.label, component: { slug: component.slug, name: component.name } },
      environment: { slug: environment.slug, name: environment.name, isProduction: environment.isProduction },
    },
    ...{ provider, current, candidates, held: serving?.held ?? null, unasked },
    chosen: chosen && (await describe(ctx, loaded, { row: chosen, opened, provider, serving })),
    idempotencyKey: newId('key'),
  };
}

async function readCurrent(ctx: ServiceContext, id: string | null): Promise<DeploymentSummary | null> {
  const [row] = id ? await selectSummaries(ctx.db).where(eq(deployments.id, id)) : [];
  return row ? toSummary(row) : null;
}

/**
 * Live elsewhere now, or newer than what is served here, and also what is live by our books where the host went back by
 * hand: older ones are what a roll-back is for.
 */
async function readCandidates(
  ctx: ServiceContext,
  { target, connection }: LoadedTarget,
  serving: Serving | null,
): Promise<DeploymentSummary[]> {
  const { ids } = await readScope(ctx);
  const current = target.currentDeploymentId ? await loadDeployment(ctx.db, target.currentDeploymentId) : null;
  const served = serving?.ref?.id ?? current?.remoteId ?? null;
  const byHand = current !== null && served !== current.remoteId;
  const rows = await selectSummaries(ctx.db)
    .where(
      and(
        eq(deployments.componentId, target.componentId),
        eq(deployments.connectionId, connection.id),
        eq(deployments.status, 'succeeded'),
        isNotNull(deployments.remoteId),
        served ? ne(deployments.remoteId, served) : undefined,
        or(
          and(ne(deployments.targetId, target.id), eq(deployments.id, targets.currentDeploymentId)),
          and(eq(deployments.targetId, target.id), sql`${deployments.number} > ${builtNumber(current)}`),
          byHand ? eq(deployments.id, current.id) : undefined,
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

interface Heard {
  serving: Serving | null;
  unasked: string | null;
}
const NOT_ASKED: Heard = { serving: null, unasked: null };

/** The page is of use without it, and says why; a bug is thrown on. */
async function servingOf(opened: Opened | null, config: DeploymentRow['config']): Promise<Heard> {
  if (!opened) return NOT_ASKED;
  if (!opened.ok) return { serving: null, unasked: opened.refusal.sentence };
  try {
    const serving = await opened.open.provider.methods.promote?.serving(opened.open.context, config);
    return { serving: serving ?? null, unasked: null };
  } catch (error) {
    return { serving: null, unasked: asRefusal(error).sentence };
  }
}

/** How it stands to what is live here, and to what its host serves where that is another; what cannot be asked is left out. */
async function agesOf(ctx: ServiceContext, loaded: LoadedTarget, { row, opened, serving }: About) {
  const live = await readLive(ctx.db, loaded.target.currentDeploymentId);
  const unknown = { live: null, older: null };
  if (!opened?.ok) return unknown;
  const { open } = opened;
  try {
    const chosenIs = live && (await standing(open, loaded.target.config, live.sha, row.sha));
    const current = live && (await loadDeployment(ctx.db, live.id));
    const at = serving && { db: ctx.db, open, loaded, current, serving };
    return { live: live && chosenIs && { ...live, chosenIs }, older: at && (await olderThanServing(at, row.sha)) };
  } catch (error) {
    asRefusal(error);
    return unknown;
  }
}

interface About {
  row: DeploymentRow;
  opened: Opened | null;
  provider: string;
  serving: Serving | null;
}

async function describe(
  ctx: ServiceContext,
  loaded: LoadedTarget,
  about: About,
): Promise<NonNullable<PromotionPlan['chosen']>> {
  const { row, opened, provider, serving } = about;
  const { target, component, environment, connection } = loaded;
  const [summary] = await selectSummaries(ctx.db).where(eq(deployments.id, row.id));
  if (!summary) throw notFound('deployment');
  const mayRequest = mayIn(ctx.actor, 'deployment.request', environment.slug);
  const { live, older } = await agesOf(ctx, loaded, about);
  const asked = { kind: 'promote', sha: row.sha, live, ticked: null, mayRequest, promotes: row.id } as const;
  const facts = await readGateFacts(ctx.db, loaded, null, asked);
  const fits = { componentId: component.id, connectionId: connection.id, rendering: target.rendering };
  const offer = await ask(opened, target.config, row);
  const served = serving && isServed(row, serving) ? servedAlready(environment.name, row) : null;
  const refusal = whyNotPromoted(row, fits) ?? served ?? older ?? offer.refusal;
  return {
    deployment: toSummary(summary),
    how: offer.how,
    says: promotionSays(offer.how, provider, { number: row.number, because: offer.because }),
    baked: facts.baked ?? null,
    sideEffects: offer.how === 'rebuild' ? [] : promotionEffects(await aboutEffects(ctx, about, loaded, offer)),
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

type Answer = {
  how: 'build' | 'rebuild';
  because: string | null;
  refusal: Allowed['refusal'];
  /** Whose variables its build has, where they are not this target's. */
  variablesOf: string | null;
};
const UNSAID = { because: null, refusal: null, variablesOf: null };

async function ask(opened: Opened | null, config: DeploymentRow['config'], row: DeploymentRow): Promise<Answer> {
  if (!opened) return { how: 'rebuild', ...UNSAID };
  if (!opened.ok) return { how: 'build', ...UNSAID, refusal: opened.refusal };
  try {
    const offer = await offerOf(opened.open, config, row);
    if (offer?.as === 'build') return { how: 'build', ...UNSAID, variablesOf: offer.variablesOf ?? null };
    return { how: 'rebuild', ...UNSAID, because: offer?.because ?? null };
  } catch (error) {
    return { how: 'build', ...UNSAID, refusal: asRefusal(error) };
  }
}

async function aboutEffects(
  ctx: ServiceContext,
  { row, opened, provider }: About,
  { environment }: LoadedTarget,
  { variablesOf }: Answer,
) {
  const able = opened?.ok ? opened.open.provider.manifest.capabilities : undefined;
  const [built] = await ctx.db
    .select({ name: environments.name })
    .from(environments)
    .where(eq(environments.id, row.environmentId));
  return {
    ...{ provider, environment: environment.name, rendering: row.rendering, restarts: startsAnew(able) },
    on: row.requestedAt.toISOString(),
    variablesOf: variablesOf === null ? null : { context: variablesOf, environment: built?.name ?? '' },
  };
}
