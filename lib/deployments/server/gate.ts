import { and, eq, inArray, ne } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { AnyProvider } from '@/lib/providers/port';
import { type DeploymentFacts, deployGate, type GateFacts } from '../model/eligibility';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { requireAllowed } from './access';
import { activePins, type DeploymentRow, type LoadedTarget, type PinRow } from './rows';

export function gateFacts(loaded: LoadedTarget, pins: PinRow[], provider: AnyProvider | null): GateFacts {
  return {
    environmentName: loaded.environment.name,
    mayRequest: true,
    connection: {
      name: loaded.connection.name,
      state: loaded.connection.state,
      hasCredential: loaded.connection.sealedCredential !== null,
    },
    pins: pins.map((pin) => ({
      kind: pin.kind,
      by: pin.createdByName,
      reason: pin.reason,
      until: pin.expiresAt?.toISOString() ?? null,
    })),
    canDeploy: provider ? provider.methods.deploy !== undefined : null,
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
  requireAllowed(deployGate(gateFacts(loaded, pins, provider)));
}

/** What the eligibility table needs to know about one deployment, read from the database alone. */
export async function deploymentFacts(
  db: DbOrTx,
  row: DeploymentRow,
  loaded: LoadedTarget,
  provider: AnyProvider,
): Promise<DeploymentFacts> {
  const [other] = await db
    .select({ number: deployments.number })
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, row.targetId),
        inArray(deployments.status, [...IN_FLIGHT_STATUSES]),
        ne(deployments.id, row.id),
      ),
    );
  const [live] = loaded.target.currentDeploymentId
    ? await db
        .select({ id: deployments.id, number: deployments.number })
        .from(deployments)
        .where(eq(deployments.id, loaded.target.currentDeploymentId))
    : [];
  return {
    ...gateFacts(loaded, await activePins(db, row.targetId), provider),
    status: row.status,
    attention: row.attention,
    hasRun: row.remoteId !== null,
    isCurrent: live?.id === row.id,
    cancelRequestedBy: row.cancelRequestedByName,
    otherInFlight: other?.number ?? null,
    newerLive: live && live.number > row.number ? live.number : null,
    capabilities: { cancel: provider.methods.cancel !== undefined, retry: provider.methods.retry !== undefined },
  };
}

export const mayEverything = { cancel: true, retry: true, request: true, rollBack: true, resolve: true } as const;
