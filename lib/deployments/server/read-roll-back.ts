import 'server-only';
import { and, asc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components, connections, deployments, targets } from '@/lib/db/schema';
import { gates } from '@/lib/gates/model/gates';
import type { Refusal } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { type Doubt, doubtAfter, isFirstWayBack, offeredSays } from '../model/doubt';
import { eligibility } from '../model/eligibility';
import { BACK_AT_GALLERY } from '../model/published-view';
import type { RollBackPlan } from '../model/roll-back';
import { onItsWaySays, rollBackHowHere, rollBackSays, servedInsteadSays, sideEffects } from '../model/roll-back-words';
import type { DeploymentSummary, Usual } from '../model/view';
import { readLive } from './age';
import { readDoubt } from './doubt';
import { deploymentFacts } from './gate';
import { goesBackSql } from './hold';
import { howBack, restarts } from './how-back';
import { findOnItsWay } from './on-its-way';
import { isSetAsThen } from './prepare-back';
import { asksFor } from './read-composer';
import { mayDo, withProvider } from './read-deployment';
import { readEnding } from './read-ending';
import { readLeaving } from './read-leaving';
import { asRefusal, readManifest, tryOpen } from './read-provider';
import { type LoadedTarget, loadTarget, mayIn, notFound } from './read-scope';
import { readUsual } from './read-usual';
import { selectSummaries, toSummary } from './row-views';
import { type DeploymentRow, loadDeployment, requireTarget } from './rows';
import { hostSays, type ServedInstead } from './served-instead';
import { findWayBack } from './way-back';

const CANDIDATES = 30;
const SIBLINGS = 30;

/** Everything that a person has to know before going back, and what of it is possible now. */
export async function readRollBack(
  ctx: ServiceContext,
  input: { targetId: string; toDeploymentId?: string | undefined },
): Promise<RollBackPlan> {
  const loaded = await loadTarget(ctx, input.targetId);
  const { target, component, environment } = loaded;
  const [current, there, onItsWay, usual, siblings] = await Promise.all([
    readSummary(ctx, target.currentDeploymentId),
    readThere(ctx, loaded),
    readAhead(ctx, target.id),
    readUsual(ctx.db, [target.id]),
    readSiblings(ctx, loaded),
  ]);
  const earlier = await readCandidates(ctx, loaded, there.doubt === null);
  const chosen = input.toDeploymentId === undefined ? null : await requireOf(ctx, loaded, input.toDeploymentId);
  return {
    target: {
      id: target.id,
      label: target.label,
      component: { slug: component.slug, name: component.name },
      environment: { slug: environment.slug, name: environment.name, isProduction: environment.isProduction },
    },
    current,
    candidates: candidatesOf(current, earlier, there.doubt),
    currentOffered: there.doubt && current ? offeredSays(current, there.doubt) : null,
    onItsWay: onItsWay && (await describeAhead(ctx, onItsWay)),
    chosen: chosen && (await describe(ctx, loaded, chosen, { usual: usual.get(target.id) ?? null, there, onItsWay })),
    siblings,
    idempotencyKey: newId('key'),
  };
}

/** The first one is what is taken where nobody names another. */
function candidatesOf(current: DeploymentSummary | null, earlier: DeploymentSummary[], doubt: Doubt | null) {
  if (!doubt || !current) return earlier;
  const before = isFirstWayBack(doubt) ? 0 : 1;
  return [...earlier.slice(0, before), current, ...earlier.slice(before)];
}

async function readSummary(ctx: ServiceContext, id: string | null): Promise<DeploymentSummary | null> {
  if (!id) return null;
  const [row] = await selectSummaries(ctx.db).where(eq(deployments.id, id));
  return row ? toSummary(row) : null;
}

/** Whether what counts as live here is there, by its host and by our books; `unasked`: why the host does not say. */
interface There {
  instead: ServedInstead | null;
  doubt: Doubt | null;
  unasked: Refusal | null;
}

async function readThere(ctx: ServiceContext, loaded: LoadedTarget): Promise<There> {
  const { connection, target } = loaded;
  const books = await readDoubt(ctx.db, target.id, target.currentDeploymentId);
  const opened = await tryOpen(ctx, connection.id);
  if (!opened.ok) return { instead: null, doubt: books, unasked: opened.refusal };
  const { label } = opened.open.provider.manifest;
  try {
    const { isServed, instead } = await hostSays(ctx.db, opened.open, loaded);
    return { instead, doubt: doubtAfter(books, { isServed, isElse: instead !== null, label }), unasked: null };
  } catch (error) {
    return { instead: null, doubt: books, unasked: asRefusal(error) };
  }
}

type OnItsWay = NonNullable<Awaited<ReturnType<typeof findOnItsWay>>>;

/** What people may still refuse does not go first. */
async function readAhead(ctx: ServiceContext, targetId: string): Promise<OnItsWay | null> {
  const found = await findOnItsWay(ctx.db, targetId);
  return found?.status === 'awaiting_approval' ? null : found;
}

async function describeAhead(ctx: ServiceContext, { id, number }: OnItsWay): Promise<RollBackPlan['onItsWay']> {
  const row = await loadDeployment(ctx.db, id);
  return row && onItsWaySays({ id, number, ...(await readEnding(ctx, ctx.db, row)) });
}

/** Newest first, and before them the one that no roll-back left: what somebody left once is taken only where it is chosen. */
async function readCandidates(
  ctx: ServiceContext,
  { target }: LoadedTarget,
  past: boolean,
): Promise<DeploymentSummary[]> {
  const { id: targetId, currentDeploymentId: currentId } = target;
  const succeeded = and(eq(deployments.targetId, targetId), eq(deployments.status, 'succeeded'));
  const [rows, way] = await Promise.all([
    selectSummaries(ctx.db)
      .where(currentId ? and(succeeded, ne(deployments.id, currentId)) : succeeded)
      .orderBy(sql`${deployments.number} desc`)
      .limit(CANDIDATES),
    findWayBack(ctx.db, targetId, { currentId, past }),
  ]);
  const newest = rows.map(toSummary);
  if (!way) return newest;
  const first = newest.find(({ id }) => id === way.id) ?? (await readSummary(ctx, way.id));
  return [...(first ? [first] : []), ...newest.filter(({ id }) => id !== way.id)];
}

async function requireOf(ctx: ServiceContext, { target }: LoadedTarget, id: string): Promise<DeploymentRow> {
  const row = await loadDeployment(ctx.db, id);
  if (row?.targetId !== target.id) throw notFound('deployment');
  return row;
}

type Chosen = NonNullable<RollBackPlan['chosen']>;

async function describe(
  ctx: ServiceContext,
  loaded: LoadedTarget,
  row: DeploymentRow,
  { usual, there, onItsWay }: { usual: Usual | null; there: There; onItsWay: OnItsWay | null },
): Promise<Chosen> {
  const { environment, connection, target } = loaded;
  const manifest = await readManifest(ctx, { providerId: connection.providerId, connectionId: connection.id });
  const mayRequest = mayIn(ctx.actor, 'deployment.rollback', environment.slug);
  const reader = { mayRequest, personId: null, hasApproved: false };
  const seen = withProvider(await deploymentFacts(ctx.db, row, loaded, null, reader), manifest);
  const facts = { ...seen, doubt: there.doubt };
  const [summary] = await selectSummaries(ctx.db).where(eq(deployments.id, row.id));
  if (!summary) throw notFound('deployment');
  const whole = await requireTarget(ctx.db, target.id);
  const { how, former, refusal } = await howBack(ctx, whole, row, manifest?.capabilities);
  const keepsMode = how === 'repoint-or-redeploy' && row.rendering !== null;
  const { promote } = manifest?.capabilities ?? {};
  const { instead } = there;
  const live = instead ? instead.sha : (await readLive(ctx.db, target.currentDeploymentId))?.sha;
  const { arriving, ...leaving } = await readLeaving(ctx, loaded, row, live);
  const label = manifest?.label ?? connection.providerId;
  const allowed = eligibility(facts, mayDo(ctx, environment.slug)).rollBack;
  return {
    deployment: toSummary(summary),
    how,
    says: row.dispatch.publish ? BACK_AT_GALLERY : rollBackSays(how, label, row.sha),
    usual,
    ...leaving,
    leavingThen: onItsWay && (await readLeavingThen(ctx, loaded, row, onItsWay)),
    sideEffects: [
      ...(instead ? [servedInsteadSays(label, instead.current, instead.sha)] : []),
      ...sideEffects({
        settings: how === 'repoint' ? 'built' : isSetAsThen(row, whole) ? 'same' : 'changed',
        on: row.requestedAt.toISOString(),
        waiting: await countWaiting(ctx, row),
        arriving,
        environment: environment.name,
        holds: how === 'repoint' && promote?.back === 'holds' ? label : null,
        restarts: restarts(how, manifest?.capabilities, label),
        mode: { was: row.rendering, now: target.rendering, served: how === 'repoint' || keepsMode },
        former,
      }),
    ],
    gates: gates({ ...facts, kind: 'rollback', sha: row.sha, freezeOverride: null, ticked: null }),
    policy: asksFor(facts),
    allowed: refusedBy(allowed, there, refusal),
  };
}

/** Where nobody knows whether its host serves what is chosen, it is not said that it does. */
function refusedBy(allowed: Chosen['allowed'], { unasked }: There, refusal: Refusal | null): Chosen['allowed'] {
  if (allowed.refusal?.code === 'is_current' && unasked) return { allowed: false, refusal: unasked };
  return allowed.allowed && refusal ? { allowed: false, refusal } : allowed;
}

async function readLeavingThen(ctx: ServiceContext, loaded: LoadedTarget, row: DeploymentRow, { sha }: OnItsWay) {
  const { arriving: _, ...leaving } = await readLeaving(ctx, loaded, row, sha);
  return leaving;
}

/** What its pin will hold, approved or not; a roll-back passes it, and so does a re-run of the commit that it brings. */
async function countWaiting(ctx: ServiceContext, { targetId, sha }: DeploymentRow): Promise<number> {
  const waiting = inArray(deployments.status, ['queued', 'awaiting_approval']);
  const brings = and(eq(deployments.kind, 'retry'), eq(deployments.sha, sha));
  const passes = or(goesBackSql(sql`${deployments}`), brings);
  return ctx.db.$count(deployments, and(eq(deployments.targetId, targetId), waiting, sql`not (${passes})`));
}

async function readSiblings(
  ctx: ServiceContext,
  { target, environment }: LoadedTarget,
): Promise<RollBackPlan['siblings']> {
  const rows = await ctx.db
    .select({
      id: targets.id,
      label: targets.label,
      component: components.name,
      currentId: targets.currentDeploymentId,
      config: targets.config,
      providerId: connections.providerId,
      connectionId: connections.id,
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(and(eq(targets.environmentId, target.environmentId), ne(targets.id, target.id)))
    .orderBy(asc(components.position), asc(components.slug), asc(targets.label))
    .limit(SIBLINGS);
  const usual = await readUsual(
    ctx.db,
    rows.map((row) => row.id),
  );
  return Promise.all(
    rows.map(async (row) => ({
      targetId: row.id,
      component: row.component,
      environment: environment.name,
      label: row.label,
      how: rollBackHowHere((await readManifest(ctx, row))?.capabilities, row.config),
      usualMs: usual.get(row.id)?.p50Ms ?? null,
      lastGood: await readLastGood(ctx, row),
    })),
  );
}

/** What its own roll-back page takes where nobody chooses. */
async function readLastGood(ctx: ServiceContext, { id, currentId }: { id: string; currentId: string | null }) {
  const doubt = await readDoubt(ctx.db, id, currentId);
  if (!doubt || !isFirstWayBack(doubt)) return findWayBack(ctx.db, id, { currentId, past: doubt === null });
  const current = currentId ? await loadDeployment(ctx.db, currentId) : null;
  return current && { id: current.id, number: current.number, sha: current.sha };
}
