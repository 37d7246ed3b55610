import 'server-only';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { asksChecks } from '@/lib/gates/model/gates';
import { readPolicyOf } from '@/lib/gates/model/policy';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { type CheckNames, type ChecksSaid, capability } from '@/lib/providers/port';
import { checksInQueue, readPackageChecks } from './package-checks';
import { asRefusal } from './read-provider';
import type { LoadedTarget } from './read-scope';
import type { DeploymentRow } from './rows';

/** A page of which they are the least does not stand still for them. */
const PATIENCE_MS = 3_000;

/**
 * What a press on *Deploy again* would be held against, so that the button says the same. Null: the policy asks for none, or
 * nobody can say now; then the press does.
 */
export async function readChecksAgain(
  ctx: ServiceContext,
  { environment, connection, target }: LoadedTarget,
  row: DeploymentRow,
): Promise<ChecksSaid | null> {
  const policy = readPolicyOf(environment.policy);
  if (!asksChecks({ policy, kind: 'deploy' })) return null;
  const names = policy?.requiredChecks;
  try {
    if (row.dispatch.publish) return await readPackageChecks(ctx, row, names);
    return await ask(patient(await ctx.openConnection(connection.id)), { ...row, config: target.config }, names);
  } catch (error) {
    asRefusal(error);
    return null;
  }
}

interface OwnChecks {
  packet: Pick<ApprovalPacket, 'checks' | 'checksProblem' | 'requiredChecks'>;
  unpassed: ChecksSaid['unpassed'];
}

/** What the worker will hold it against, for who decides about it: which ones count, and why they cannot be read now. */
export async function readOwnChecks(ctx: ServiceContext, row: DeploymentRow): Promise<OwnChecks> {
  const names = row.policy?.requiredChecks;
  const requiredChecks = names ?? [];
  try {
    const { checks, unpassed } = row.dispatch.publish
      ? await checksInQueue(ctx, row, names)
      : await ask(await ctx.openConnection(row.connectionId), row, names);
    return { packet: { checks, checksProblem: null, requiredChecks }, unpassed };
  } catch (error) {
    const checksProblem = asRefusal(error).sentence;
    return { packet: { checks: null, checksProblem, requiredChecks }, unpassed: undefined };
  }
}

type Asked = Pick<DeploymentRow, 'config' | 'sha'>;

async function ask(
  { provider, context }: OpenConnection,
  { config, sha }: Asked,
  names: CheckNames,
): Promise<ChecksSaid> {
  return capability(provider, 'source').commit(context, config, sha, names);
}

function patient({ provider, context }: OpenConnection): OpenConnection {
  return { provider, context: { ...context, signal: AbortSignal.timeout(PATIENCE_MS) } };
}
