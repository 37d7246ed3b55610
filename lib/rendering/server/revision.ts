import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { LoadedTarget } from '@/lib/deployments/server/rows';
import { capability, type Revision } from '@/lib/providers/port';

export type Wanted =
  | { kind: 'live' }
  | { kind: 'ref'; ref: string }
  /** What was resolved before; `ref` null: only the commit is known. */
  | { kind: 'commit'; sha: string; ref: string | null };

/** The commit that a switch would build: the one asked for, the live one, or else the newest of the target's branch. */
export async function findRevision(
  ctx: Pick<ServiceContext, 'db'>,
  { provider, context }: OpenConnection,
  { target }: LoadedTarget,
  wanted: Wanted,
): Promise<Revision> {
  if (wanted.kind === 'commit')
    return { ref: wanted.ref ?? defaultRefOf(target.config), refKind: 'branch', sha: wanted.sha };
  if (wanted.kind === 'live' && target.currentDeploymentId) {
    const live = await ctx.db.query.deployments.findFirst({
      where: eq(deployments.id, target.currentDeploymentId),
      columns: { ref: true, refKind: true, sha: true },
    });
    if (live) return live;
  }
  const ref = wanted.kind === 'ref' ? wanted.ref : defaultRefOf(target.config);
  return capability(provider, 'source').resolve(context, target.config, ref);
}

function defaultRefOf({ defaultRef }: Record<string, unknown>): string {
  return typeof defaultRef === 'string' ? defaultRef : 'main';
}
