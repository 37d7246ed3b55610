import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { GateFacts } from '@/lib/gates/model/facts';
import { policyOf } from '@/lib/gates/model/policy';
import { databaseNow, holdsOn, type Place } from '@/lib/gates/server/holds';
import { readOrder } from '@/lib/gates/server/order';
import type { AnyProvider } from '@/lib/providers/port';
import { type DeploymentFacts, deployGate } from '../model/eligibility';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { requireAllowed } from './access';
import { isAtGallery } from './at-gallery';
import { readBakedFact } from './baked';
import { isUntaken } from './count-sent';
import { readDoubt } from './doubt';
import { goesBack } from './hold';
import { readPreflight } from './preflight';
import { connectionProblem } from './read-scope';
import type { DeploymentRow, LoadedTarget } from './rows';
import { isOverlong } from './stands';
import { startingConnection } from './starting-connection';

/** The part of a loaded target that the gate looks at; reads load no more than they show. */
export interface GateTarget {
  target: Pick<LoadedTarget['target'], 'id' | 'environmentId' | 'componentId' | 'currentDeploymentId' | 'config'>;
  environment: Pick<LoadedTarget['environment'], 'name' | 'policy'>;
  connection: Pick<
    LoadedTarget['connection'],
    'id' | 'name' | 'providerId' | 'credentialKind' | 'state' | 'sealedCredential' | 'report'
  >;
}

/** What the caller knows about the request itself; what it leaves out is not asked. */
export type Wanted = Pick<
  GateFacts,
  'kind' | 'sha' | 'freezeOverride' | 'live' | 'checks' | 'unpassed' | 'ticked' | 'approvals'
> & {
  mayRequest?: boolean;
  /** The deployment whose build is promoted. */
  promotes?: string;
};

/** By building, or by taking what is built. */
export function canPutLive(capabilities: AnyProvider['manifest']['capabilities']): boolean {
  return capabilities.deploy !== undefined || capabilities.publish !== undefined;
}

export function placeOf({ target }: Pick<GateTarget, 'target'>): Place {
  return { targetId: target.id, environmentId: target.environmentId, componentId: target.componentId };
}

/** Facts for `gates()` as they are at this moment by the database: one spelling for button, request and worker. */
export async function readGateFacts(
  db: DbOrTx,
  loaded: GateTarget,
  provider: AnyProvider | null,
  wanted: Wanted = {},
): Promise<GateFacts & { now: number; pins: Awaited<ReturnType<typeof holdsOn>> }> {
  const { environment, target } = loaded;
  const connection = await startingConnection(db, loaded);
  const now = await databaseNow(db);
  const policy = policyOf(environment.policy);
  const { mayRequest = true, sha, promotes, ...asked } = wanted;
  const pins = await holdsOn(db, placeOf(loaded), now);
  // A roll-back passes it, so it is not read under the locks of one.
  const asksOrder = sha !== undefined && asked.kind !== 'rollback';
  const baked = promotes ? await readBakedFact(db, { sourceId: promotes, targetId: target.id }) : undefined;
  const order = !asksOrder ? null : await readOrder(db, policy, { componentId: target.componentId, sha });
  return {
    ...asked,
    ...(sha === undefined ? {} : { sha }),
    environmentName: environment.name,
    mayRequest,
    connection: {
      name: connection.name,
      state: connection.state,
      hasCredential: connection.sealedCredential !== null,
      problem: connectionProblem(connection.report),
    },
    preflight: await readPreflight(db, { ...loaded, connection }),
    pins,
    policy,
    order,
    ...(baked === undefined ? {} : { baked }),
    now,
    canDeploy: provider ? canPutLive(provider.manifest.capabilities) : null,
    ...(provider ? { providerLabel: provider.manifest.label } : {}),
  };
}

/** The same check as the button; asked again in the transaction that writes the deployment. */
export async function requireGate(
  db: DbOrTx,
  loaded: GateTarget,
  provider: AnyProvider | null,
  wanted: Wanted,
): Promise<void> {
  requireAllowed(deployGate(await readGateFacts(db, loaded, provider, wanted)));
}

type FactsOf = Pick<
  DeploymentRow,
  | 'id'
  | 'kind'
  | 'targetId'
  | 'status'
  | 'attention'
  | 'remoteId'
  | 'cancelRequestedByName'
  | 'sha'
  | 'freezeOverride'
  | 'checklist'
  | 'requestedById'
  | 'sourceDeploymentId'
  | 'dispatch'
  | 'heldSince'
  | 'keptBack'
>;

/** Who looks at the deployment, for the decisions that depend on it. */
export interface Reader {
  mayRequest: boolean;
  personId: string | null;
  hasApproved: boolean;
}

/** What the eligibility table needs to know about one deployment. An unknown provider's abilities stay assumed. */
export async function deploymentFacts(
  db: DbOrTx,
  row: FactsOf,
  loaded: GateTarget,
  provider: AnyProvider | null,
  reader: Reader = { mayRequest: true, personId: null, hasApproved: false },
): Promise<DeploymentFacts> {
  const { currentDeploymentId } = loaded.target;
  const others = and(
    eq(deployments.targetId, row.targetId),
    inArray(deployments.status, [...IN_FLIGHT_STATUSES]),
    ne(deployments.id, row.id),
  );
  // One after the other: a verb asks inside its transaction, which has one connection.
  const [other] = await db.select({ number: deployments.number }).from(deployments).where(others).limit(1);
  const newerLive = await liveSince(db, row.id, currentDeploymentId);
  const facts = await readGateFacts(db, loaded, provider, {
    mayRequest: reader.mayRequest,
    sha: row.sha,
    freezeOverride: overrideOf(row),
    ticked: row.checklist,
    ...promotesOf(row),
  });
  const able = provider?.manifest.capabilities;
  return {
    ...facts,
    status: row.status,
    attention: row.attention,
    hasRun: row.remoteId !== null,
    isCurrent: currentDeploymentId === row.id,
    doubt: currentDeploymentId === row.id ? await readDoubt(db, row.targetId, currentDeploymentId) : null,
    isAtGallery: await isAtGallery(db, row),
    isPublication: row.dispatch.publish !== undefined,
    goesBack: await goesBack(db, row),
    isHeld: isHeld(row),
    isUntaken: await isUntaken(db, row),
    isOverlong: await isOverlong(db, row),
    isRequester: reader.personId !== null && reader.personId === row.requestedById,
    hasApproved: reader.hasApproved,
    cancelRequestedBy: row.cancelRequestedByName,
    otherInFlight: other?.number ?? null,
    newerLive,
    capabilities: { cancel: !able || able.cancel !== undefined, retry: !able || able.retry !== undefined },
  };
}

/** The number of what counts as live, where it went live after this one was sent; a re-run that never was has been outrun while it waited. */
async function liveSince(db: DbOrTx, id: string, currentId: string | null): Promise<number | null> {
  if (currentId === null) return null;
  const [live] = await db
    .select({ number: deployments.number })
    .from(deployments)
    .where(
      and(
        eq(deployments.id, currentId),
        sql`${deployments.finishedAt} > (select coalesce(e.submitted_at, e.requested_at) from ${deployments} e where e.id = ${id})`,
      ),
    );
  return live?.number ?? null;
}

/** Its run stands before people at the provider, or its host keeps back what was built: from here it is let through. */
export function isHeld({ status, heldSince, keptBack }: Pick<DeploymentRow, 'status' | 'heldSince' | 'keptBack'>) {
  return (heldSince !== null || keptBack) && (status === 'building' || status === 'deploying');
}

/** Of a deployment that promotes a build. */
export function promotesOf(row: Pick<DeploymentRow, 'kind' | 'sourceDeploymentId'>): { promotes?: string } {
  return row.kind === 'promote' && row.sourceDeploymentId ? { promotes: row.sourceDeploymentId } : {};
}

export function overrideOf({ freezeOverride }: Pick<DeploymentRow, 'freezeOverride'>): GateFacts['freezeOverride'] {
  return freezeOverride ? { by: freezeOverride.byName, reason: freezeOverride.reason, at: freezeOverride.at } : null;
}

export const mayEverything = {
  cancel: true,
  retry: true,
  request: true,
  rollBack: true,
  resolve: true,
  approve: true,
  overrideFreeze: true,
} as const;
