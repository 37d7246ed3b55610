import 'server-only';
import { eq } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { whyNot } from '@/lib/auth/require';
import { findOwnToken, ownTokenProblem } from '@/lib/connections/server';
import { connections } from '@/lib/db/schema';
import { endsAt, mayNotAnswer, type RemoteGateView } from '@/lib/gates/model/remote-gate';
import { whyNotThere } from './approve-there';
import { readRunManifest } from './read-provider';
import { type LoadedTarget, loadTarget, notFound } from './read-scope';
import { loadDeployment } from './rows';
import { startedBy } from './starter';

/**
 * Before what the provider holds the run, as last seen; asks nobody. Null while it is not held. Nobody is shown whether
 * another person has a token.
 */
export async function readRemoteGate(
  ctx: ServiceContext,
  input: { deploymentId: string },
): Promise<{ held: RemoteGateView | null }> {
  const row = await loadDeployment(ctx.db, input.deploymentId);
  if (!row) throw notFound('deployment');
  const loaded = await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  if (!row.heldSince || (row.status !== 'building' && row.status !== 'deploying')) return { held: null };
  const manifest = await readRunManifest(ctx, ctx.db, row);
  const traits = manifest?.capabilities.gates;
  if (!manifest || !traits) return { held: null };
  const gates = row.heldBy ?? [];
  const { connectionId } = startedBy(row);
  const own = await readOwn(ctx, connectionId);
  const forbidden = whyNot(ctx.actor, 'gate.answer', loaded.environment.slug);
  const notApproved = await whyNotThere(ctx.db, row, personId(ctx.actor));
  const since = row.heldSince.toISOString();
  const where = { providerLabel: manifest.label, connectionName: await nameOf(ctx, connectionId, loaded) };
  return {
    held: {
      providerLabel: manifest.label,
      since,
      until: endsAt(since, traits.endsAfterDays),
      gates,
      own,
      refusal: forbidden ? { code: 'forbidden', sentence: forbidden } : mayNotAnswer(gates, own, where),
      notApproved,
    },
  };
}

/** What the connection of its run is called, where that is not the target's own. */
async function nameOf({ db }: ServiceContext, connectionId: string, { connection }: LoadedTarget): Promise<string> {
  if (connectionId === connection.id) return connection.name;
  const { name } = connections;
  const [found] = await db.select({ name }).from(connections).where(eq(connections.id, connectionId));
  return found?.name ?? connection.name;
}

/** The reader's own token at a connection; never another person's. */
export async function readOwn(ctx: ServiceContext, connectionId: string): Promise<RemoteGateView['own']> {
  const me = ctx.actor.kind === 'user' ? personId(ctx.actor) : null;
  const own = me ? await findOwnToken(ctx.db, me, connectionId) : null;
  return own && { login: own.login, problem: ownTokenProblem(own, ctx.clock.now()) };
}
