import 'server-only';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { type AnyPgColumn, alias } from 'drizzle-orm/pg-core';
import type { ServiceContext } from '@/lib/auth/context';
import { components, connections, deployments, extensionPublications, pins, sightings, targets } from '@/lib/db/schema';
import { readPolicyOf } from '@/lib/gates/model/policy';
import { covers, freezeHold, freezesNow, openPins, pinHold } from '@/lib/gates/server/holds';
import { takenSentence } from '@/lib/publications/model/publication';
import { deployGate, type GateFacts, isOnlyFrozen } from '../model/eligibility';
import { ACTIVE_STATUSES, isInFlight } from '../model/status';
import type { DeploymentSummary, MatrixCell, PinView } from '../model/view';
import { type ChangedSettings, readChanged } from './read-again';
import { connectionProblem, type EnvironmentRow, mayIn, type ReadScope, readScope } from './read-scope';
import { type FactRow, selectFacts, summaryAt, toPinView } from './row-views';

export type ComponentRow = typeof components.$inferSelect;

export interface EstateCell extends MatrixCell {
  componentId: string;
  environment: EnvironmentRow;
  active: DeploymentSummary[];
}

export interface Estate {
  scope: ReadScope;
  components: ComponentRow[];
  cells: EstateCell[];
}

/**
 * What runs where, in seven queries whatever the size: environments, components, targets with their newest deployment,
 * pins, freezes, settings that changed, and one fetch of every deployment that is shown.
 */
export async function readEstate(ctx: ServiceContext, only: { componentSlug?: string } = {}): Promise<Estate> {
  const [scope, componentRows, targetRows, pinRows, changed] = await Promise.all([
    readScope(ctx),
    readComponents(ctx, only.componentSlug),
    readTargets(ctx, only.componentSlug),
    readHolds(ctx),
    readChanged(ctx),
  ]);
  const environments = new Map(scope.environments.map((row) => [row.id, row]));
  const readable = targetRows.filter((row) => environments.has(row.environmentId));
  const shown = await readShown(ctx, readable);
  const activeByTarget = groupBy(shown.active, (row) => row.targetId);
  const componentsById = new Map(componentRows.map((row) => [row.id, { slug: row.slug, name: row.name }]));
  const cells = readable.flatMap((row) => {
    const environment = environments.get(row.environmentId);
    const component = componentsById.get(row.componentId);
    if (!environment || !component) return [];
    const held = pinRows
      .filter((pin) => covers(pin.scope, { ...row, targetId: row.id }))
      .map((pin) => toPinView(pin.hold));
    return [
      toCell(ctx, {
        row,
        component,
        environment,
        pins: held,
        active: activeByTarget.get(row.id) ?? [],
        byId: shown.byId,
        changed: changed.get(row.id),
      }),
    ];
  });
  return { scope, components: componentRows, cells };
}

/** Everything that holds anything at this moment, with how far it reaches: pins oldest first, then freezes. */
async function readHolds(ctx: ServiceContext) {
  const [held, frozen] = await Promise.all([
    ctx.db.select().from(pins).where(openPins()).orderBy(asc(pins.createdAt)),
    freezesNow(ctx.db),
  ]);
  return [
    ...held.map((pin) => ({ scope: pin, hold: pinHold(pin) })),
    ...frozen.map((each) => ({
      scope: { ...each.freeze, targetId: null },
      hold: freezeHold(each),
    })),
  ];
}

function readComponents(ctx: ServiceContext, slug: string | undefined) {
  return ctx.db
    .select()
    .from(components)
    .where(slug === undefined ? undefined : eq(components.slug, slug))
    .orderBy(asc(components.position), asc(components.slug));
}

/** The lateral lookup walks `deployments_target` (target_id, number desc) and stops at its first row that counts. */
function readTargets(ctx: ServiceContext, slug: string | undefined) {
  const newest = ctx.db
    .select({ newestId: deployments.id })
    .from(deployments)
    .where(and(eq(deployments.targetId, targets.id), sql`${deployments.status} <> 'superseded'`))
    .orderBy(sql`${deployments.number} desc`)
    .limit(1)
    .as('newest');
  const current = alias(deployments, 'current');
  return ctx.db
    .select({
      id: targets.id,
      componentId: targets.componentId,
      environmentId: targets.environmentId,
      label: targets.label,
      currentId: targets.currentDeploymentId,
      newestId: newest.newestId,
      driftSince: sightings.driftSince,
      driftSentence: sightings.driftSentence,
      driftUrl: sightings.remoteUrl,
      behind: sightings.behind,
      behindOf: sightings.behindOf,
      connectionId: connections.id,
      connectionName: connections.name,
      connectionState: connections.state,
      connectionReport: connections.report,
      hasCredential: sql<boolean>`${connections.sealedCredential} is not null`,
      takenSince: extensionPublications.since,
      takenState: extensionPublications.state,
      takenDetail: extensionPublications.detail,
      takenUrl: extensionPublications.url,
    })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .leftJoin(sightings, eq(sightings.targetId, targets.id))
    .leftJoin(current, eq(current.id, targets.currentDeploymentId))
    .leftJoin(extensionPublications, takenAway(current.dispatch))
    .leftJoinLateral(newest, sql`true`)
    .where(slug === undefined ? undefined : eq(components.slug, slug))
    .orderBy(asc(targets.label), asc(targets.id));
}

/** What is live there by its deployment, and clients do not get any more by the gallery's word. */
function takenAway(dispatch: AnyPgColumn) {
  return and(
    eq(extensionPublications.targetId, targets.id),
    sql`${extensionPublications.packageId} = ${dispatch} -> 'publish' ->> 'packageId'`,
    inArray(extensionPublications.state, ['unlisted', 'rejected', 'quarantined']),
  );
}

type TargetRow = Awaited<ReturnType<typeof readTargets>>[number];

async function readShown(ctx: ServiceContext, rows: TargetRow[]) {
  const ids = [...new Set(rows.flatMap((row) => [row.currentId, row.newestId]).filter((id) => id !== null))];
  const targetIds = new Set(rows.map((row) => row.id));
  const found = await selectFacts(ctx.db).where(
    sql`${deployments.id} in (
      select unnest(${sql.param(ids)}::text[])
      union
      select a.id from ${deployments} a where a.status in (${sql.join(
        ACTIVE_STATUSES.map((status) => sql`${status}`),
        sql`, `,
      )})
    )`,
  );
  const byId = new Map<string, FactRow>(found.map((row) => [row.id, row]));
  const active = found
    .filter((row) => targetIds.has(row.targetId) && isActive(row))
    .sort((a, b) => a.number - b.number);
  return { byId, active };
}

const isActive = (row: FactRow) => (ACTIVE_STATUSES as readonly string[]).includes(row.status);

interface CellParts {
  row: TargetRow;
  component: { slug: string; name: string };
  environment: EnvironmentRow;
  pins: PinView[];
  active: FactRow[];
  byId: Map<string, FactRow>;
  changed: ChangedSettings | undefined;
}

function toDrift({ driftSince, driftSentence, driftUrl, ...row }: TargetRow): MatrixCell['drift'] {
  if (!driftSince && row.takenSince && row.takenState) {
    const sentence = takenSentence(row.takenState, row.takenDetail);
    return { since: row.takenSince.toISOString(), sentence, url: row.takenUrl };
  }
  if (!driftSince) return null;
  return { since: driftSince.toISOString(), sentence: driftSentence ?? '', url: driftUrl };
}

function toCell(ctx: ServiceContext, parts: CellParts): EstateCell {
  const { row, component, environment, pins: held, active, byId, changed } = parts;
  const { slug, name, isProduction } = environment;
  const place = { component, environment: { slug, name, isProduction }, label: row.label, currentId: row.currentId };
  const summary = (fact: FactRow | undefined) => (fact ? summaryAt(fact, place) : null);
  const current = row.currentId ? byId.get(row.currentId) : undefined;
  const newest = row.newestId ? byId.get(row.newestId) : undefined;
  // What holds the target says more than what waits behind it.
  const latest = active.find((each) => isInFlight(each.status)) ?? active.at(-1) ?? newest;
  const facts = factsOf(ctx, parts);
  return {
    targetId: row.id,
    componentId: row.componentId,
    environment,
    environmentSlug: slug,
    label: row.label,
    current: summary(current),
    latest: latest?.id === row.currentId ? null : summary(latest),
    active: active.map((each) => summaryAt(each, place)),
    queued: active.filter((each) => each.status === 'queued').length,
    commitsBehind: row.behindOf !== null && row.behindOf === current?.sha ? row.behind : null,
    pins: held,
    drift: toDrift(row),
    changed: changed ? { ...changed, approvals: readPolicyOf(environment.policy)?.approvals ?? 0 } : null,
    connection: { id: row.connectionId, name: row.connectionName, state: row.connectionState },
    deploy: deployGate(facts),
    mayOverride: mayIn(ctx.actor, 'freeze.override', slug) && isOnlyFrozen(facts),
  };
}

function factsOf(ctx: ServiceContext, { row, environment, pins: held }: CellParts): GateFacts {
  return {
    environmentName: environment.name,
    mayRequest: mayIn(ctx.actor, 'deployment.request', environment.slug),
    connection: {
      name: row.connectionName,
      state: row.connectionState,
      hasCredential: row.hasCredential,
      problem: connectionProblem(row.connectionReport),
    },
    pins: held,
  };
}

/** Without the parts that only the server needs. */
export function toMatrixCell({
  componentId: _component,
  environment: _environment,
  active: _active,
  ...cell
}: EstateCell): MatrixCell {
  return cell;
}

export function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
