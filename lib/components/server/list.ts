import { asc, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { components } from '@/lib/db/schema';
import type { ComponentSummary } from '../model/view';

/** In the team's order. */
export async function listComponents(ctx: ServiceContext): Promise<ComponentSummary[]> {
  requireAnywhere(ctx.actor, 'deployment.read');
  const rows = await ctx.db
    .select({
      id: components.id,
      slug: components.slug,
      name: components.name,
      kind: components.kind,
      description: components.description,
      paths: components.paths,
      position: components.position,
      imageConnectionId: components.imageConnectionId,
      image: components.image,
      targets: sql<number>`(select count(*)::int from targets t where t.component_id = ${components}.id)`,
    })
    .from(components)
    .orderBy(asc(components.position), asc(components.slug));
  return rows.map(({ imageConnectionId, image, ...row }) => ({
    ...row,
    image: image && imageConnectionId ? { connectionId: imageConnectionId, source: image } : null,
  }));
}
