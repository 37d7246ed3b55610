import { and, eq, isNull, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere } from '@/lib/auth/require';
import { galleryNamespaces, galleryOwners, galleryVersions, users } from '@/lib/db/schema';
import type { GalleryExtensionView, NamespaceView } from '../model/view';
import { mayDeploySomewhere } from './namespace';

/** Who owns a namespace and can sign in, by name. */
export async function ownersOf(
  ctx: Pick<ServiceContext, 'db'>,
  namespace: string,
): Promise<GalleryExtensionView['owners']> {
  return await ctx.db
    .select({ id: users.id, name: users.name })
    .from(galleryOwners)
    .innerJoin(users, and(eq(users.id, galleryOwners.userId), isNull(users.disabledAt)))
    .where(eq(galleryOwners.namespace, namespace))
    .orderBy(users.name, users.id);
}

/** Every namespace with its owners; the first 500 by name. */
export async function listNamespaces({ db, actor }: ServiceContext): Promise<NamespaceView[]> {
  const rows = await db
    .select({
      row: galleryNamespaces,
      extensions: sql<number>`(select count(distinct v.extension_id)::int from ${galleryVersions} v
        where v.namespace = ${galleryNamespaces}.name)`,
      owners: sql<
        NamespaceView['owners']
      >`coalesce((select json_agg(json_build_object('id', u.id, 'name', u.name, 'disabled', u.disabled_at is not null)
        order by u.name, u.id)
        from ${galleryOwners} o join ${users} u on u.id = o.user_id where o.namespace = ${galleryNamespaces}.name), '[]'::json)`,
    })
    .from(galleryNamespaces)
    .orderBy(galleryNamespaces.name)
    .limit(500);
  const manages = isPermittedEverywhere(actor, 'component.manage');
  const scoped = actor.kind !== 'token' || actor.scopes.includes('manage');
  const me = scoped && mayDeploySomewhere(actor) ? personId(actor) : null;
  return rows.map(({ row, extensions, owners }) => ({
    ...{ name: row.name, keep: row.keep, owners, extensions },
    mayManage: manages || (me !== null && owners.some(({ id }) => id === me)),
    createdAt: row.createdAt.toISOString(),
  }));
}
