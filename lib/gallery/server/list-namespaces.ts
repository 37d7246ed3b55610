import { eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { galleryNamespaces, galleryOwners, galleryVersions, users } from '@/lib/db/schema';
import type { NamespaceView } from '../model/view';

/** Who owns a namespace, by name. */
export async function ownersOf(ctx: Pick<ServiceContext, 'db'>, namespace: string): Promise<NamespaceView['owners']> {
  return await ctx.db
    .select({ id: users.id, name: users.name })
    .from(galleryOwners)
    .innerJoin(users, eq(users.id, galleryOwners.userId))
    .where(eq(galleryOwners.namespace, namespace))
    .orderBy(users.name, users.id);
}

/** Every namespace with its owners; the first 500 by name. */
export async function listNamespaces(ctx: ServiceContext): Promise<NamespaceView[]> {
  const rows = await ctx.db
    .select({
      row: galleryNamespaces,
      extensions: sql<number>`(select count(distinct v.extension_id)::int from ${galleryVersions} v
        where v.namespace = ${galleryNamespaces}.name)`,
      owners: sql<
        NamespaceView['owners']
      >`coalesce((select json_agg(json_build_object('id', u.id, 'name', u.name) order by u.name, u.id)
        from ${galleryOwners} o join ${users} u on u.id = o.user_id where o.namespace = ${galleryNamespaces}.name), '[]'::json)`,
    })
    .from(galleryNamespaces)
    .orderBy(galleryNamespaces.name)
    .limit(500);
  return rows.map(({ row, extensions, owners }) => ({
    ...{ name: row.name, keep: row.keep, owners, extensions },
    createdAt: row.createdAt.toISOString(),
  }));
}
