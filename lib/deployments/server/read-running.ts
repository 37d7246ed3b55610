import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { ImageSource } from '@/lib/components/model/image-source';
import { deployments, environments, targets } from '@/lib/db/schema';
import { digestIn, type RunningImage } from '../model/images';
import { mayIn } from './read-scope';

export type Live = Omit<RunningImage, 'image' | 'refusal'> & { targetId: string };

/** Images that are live in the environments of a component that the reader may see, by what was deployed there last. */
export async function readLiveImages(ctx: ServiceContext, componentId: string, source: ImageSource): Promise<Live[]> {
  const rows = await ctx.db
    .select({
      targetId: targets.id,
      label: targets.label,
      environment: { slug: environments.slug, name: environments.name },
      deployment: { id: deployments.id, number: deployments.number },
      revision: { ref: deployments.ref, refKind: deployments.refKind, sha: deployments.sha },
      inputs: deployments.inputs,
    })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(deployments, eq(deployments.id, targets.currentDeploymentId))
    .where(eq(targets.componentId, componentId))
    .orderBy(asc(environments.position), asc(targets.label))
    .limit(200);
  return rows
    .filter((row) => mayIn(ctx.actor, 'deployment.read', row.environment.slug))
    .flatMap(({ inputs, ...row }) => {
      const names = [source.imageInput, source.digestInput].filter((name) => name !== null);
      const digest = names.map((name) => digestIn(inputs[name])).find((each) => each !== null);
      return digest ? [{ ...row, digest }] : [];
    });
}
