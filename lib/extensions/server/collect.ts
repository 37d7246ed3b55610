import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components, deployments, targets } from '@/lib/db/schema';
import { buildsNothing } from '@/lib/deployments/model/dispatch';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, type RunArtifact } from '@/lib/providers/port';
import { ARTIFACTS_LOOKED_AT, PACKAGE_LIMITS } from '../model/limits';
import { type Accepted, accept } from './accept';
import { packagesIn } from './packages-in';

export interface Collected {
  deploymentId: string;
  /** The commit that was deployed. */
  sha: string;
  /** One for each platform, as they came; `scan` says whether it may be published. */
  packages: Accepted[];
}

const refuse = (code: string, sentence: string) => new ServiceError('precondition', code, sentence);

/**
 * Takes in what the run of a deployment has built. Permission is the caller's business. Nothing is taken whose SHA-256 is not
 * the one that the provider tells. Throws `ServiceError` and `ProviderError`, each with what to do.
 */
export async function collect(ctx: ServiceContext, { deploymentId }: { deploymentId: string }): Promise<Collected> {
  const { deployment, component } = await requireRun(ctx, deploymentId);
  const { provider, context } = await ctx.openConnection(deployment.connectionId);
  if (!provider.methods.artifacts)
    throw refuse('unsupported', `${provider.manifest.label} keeps nothing that a run has built. Upload the package.`);
  const from = capability(provider, 'artifacts');
  const ref = { id: deployment.remoteId, attempt: deployment.remoteAttempt, url: deployment.remoteUrl ?? '' };
  const packages: Accepted[] = [];
  for (const artifact of candidates(await from.list(context, deployment.config, ref))) {
    const bytes = Buffer.from(await from.download(context, deployment.config, artifact.id, PACKAGE_LIMITS.upload));
    requireDigest(artifact, bytes);
    const brought = { kind: 'run', deploymentId, sha: deployment.sha, componentId: component.id } as const;
    for await (const each of packagesIn(bytes, artifact.name)) packages.push(await accept(ctx, each, brought));
  }
  if (packages.length === 0)
    throw refuse(
      'no_package',
      'The run has kept no .vsix. Add a step with actions/upload-artifact, then run it again.',
    );
  return { deploymentId, sha: deployment.sha, packages };
}

async function requireRun({ db }: ServiceContext, deploymentId: string) {
  const [row] = await db
    .select({ deployment: deployments, component: components })
    .from(deployments)
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .innerJoin(components, eq(components.id, targets.componentId))
    .where(eq(deployments.id, deploymentId));
  if (!row) throw new ServiceError('notFound', 'not_found', 'There is no such deployment. Go back and choose again.');
  const { deployment, component } = row;
  const { dispatch, remoteId } = deployment;
  if (component.kind !== 'extension')
    throw refuse('not_an_extension', `${component.name} is no VS Code extension, so its runs build no package.`);
  if (deployment.status !== 'succeeded')
    throw refuse('not_succeeded', 'Only a run that has succeeded has a package. Wait for its end, or deploy again.');
  if (remoteId === null || buildsNothing(dispatch))
    throw refuse('builds_nothing', 'Nothing was built for this deployment. Open the one whose run made the package.');
  return { component, deployment: { ...deployment, remoteId } };
}

/** Those that are called so; where none is, all that may hold one. */
function candidates(all: readonly RunArtifact[]): RunArtifact[] {
  const kept = all.filter(({ expired }) => !expired);
  if (all.length > 0 && kept.length === 0)
    throw refuse('expired', 'The provider no longer keeps what this run has built. Run the workflow again.');
  const named = kept.filter(({ name }) => /vsix/i.test(name));
  const chosen = named.length > 0 ? named : kept;
  if (chosen.length > ARTIFACTS_LOOKED_AT)
    throw refuse(
      'too_many_artifacts',
      `The run has kept ${chosen.length} artifacts. Name those that hold a package so that “vsix” is in their names.`,
    );
  const large = chosen.find(({ bytes }) => bytes > PACKAGE_LIMITS.upload);
  if (large)
    throw refuse(
      'too_large',
      `“${large.name}” is larger than 100 MB. Keep the package alone, in an artifact of its own.`,
    );
  return chosen;
}

function requireDigest({ name, sha256 }: RunArtifact, bytes: Buffer): void {
  if (sha256 === null)
    throw refuse('no_digest', `Nothing says what “${name}” has to be. Use actions/upload-artifact v4 or newer.`);
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return;
  throw new ServiceError(
    'precondition',
    'other_digest',
    `What arrived as “${name}” is not what the run has kept: its digest differs. Try again; if it stays so, run the workflow again.`,
  );
}
