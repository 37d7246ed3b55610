import { and, eq, inArray, ne } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { AnyProvider } from '@/lib/providers/port';
import { type DeploymentFacts, deployGate, type GateFacts } from '../model/eligibility';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { requireAllowed } from './access';
import { connectionProblem } from './read-scope';
import { toPin } from './row-views';
import { activePins, type DeploymentRow, type LoadedTarget } from './rows';

/** The part of a loaded target that the gate looks at; reads load no more than they show. */
interface GateTarget {
  environment: { name: string };
  connection: Pick<LoadedTarget['connection'], 'name' | 'state' | 'sealedCredential' | 'report'>;
}

/** Facts for `deployGate()`: one spelling for button and verb. Permission is the caller's; a verb has asked before. */
export function gateFacts(
  { environment, connection }: GateTarget,
  held: GateFacts['pins'],
  provider: AnyProvider | null,
  mayRequest = true,
): GateFacts {
  return {
    environmentName: environment.name,
    mayRequest,
    connection: {
      name: connection.name,
      state: connection.state,
      hasCredential: connection.sealedCredential !== null,
      problem: connectionProblem(connection.report),
    },
    pins: held,
    canDeploy: provider ? provider.manifest.capabilities.deploy !== undefined : null,
    ...(provider ? { providerLabel: provider.manifest.label } : {}),
  };
}

/** The same check as the button, in the transaction that writes the deployment. A roll-back passes its own hold. */
export async function requireGate(
  db: DbOrTx,
  loaded: LoadedTarget,
  provider: AnyProvider | null,
  kind: 'deploy' | 'rollback' | 'retry',
): Promise<void> {
  const pins = (await activePins(db, loaded.target.id)).filter((pin) => kind === 'deploy' || pin.kind !== 'rollback');
  requireAllowed(deployGate(gateFacts(loaded, pins.map(toPin), provider)));
}

type FactsOf = Pick<
  DeploymentRow,
  'id' | 'targetId' | 'number' | 'status' | 'attention' | 'remoteId' | 'cancelRequestedByName'
>;

/** What the eligibility table needs to know about one deployment. An unknown provider's abilities stay assumed. */
export async function deploymentFacts(
  db: DbOrTx,
  row: FactsOf,
  loaded: GateTarget & { target: { currentDeploymentId: string | null } },
  provider: AnyProvider | null,
  mayRequest = true,
): Promise<DeploymentFacts> {
  const { currentDeploymentId } = loaded.target;
  const others = and(
    eq(deployments.targetId, row.targetId),
    inArray(deployments.status, [...IN_FLIGHT_STATUSES]),
    ne(deployments.id, row.id),
  );
  const [[other], held, [live]] = await Promise.all([
    db.select({ number: deployments.number }).from(deployments).where(others).limit(1),
    activePins(db, row.targetId),
    currentDeploymentId
      ? db.select({ number: deployments.number }).from(deployments).where(eq(deployments.id, currentDeploymentId))
      : [],
  ]);
  const able = provider?.manifest.capabilities;
  return {
    ...gateFacts(loaded, held.map(toPin), provider, mayRequest),
    status: row.status,
    attention: row.attention,
    hasRun: row.remoteId !== null,
    isCurrent: currentDeploymentId === row.id,
    cancelRequestedBy: row.cancelRequestedByName,
    otherInFlight: other?.number ?? null,
    newerLive: live && live.number > row.number ? live.number : null,
    capabilities: { cancel: !able || able.cancel !== undefined, retry: !able || able.retry !== undefined },
  };
}

export const mayEverything = { cancel: true, retry: true, request: true, rollBack: true, resolve: true } as const;
