import { eq, isNull, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere } from '@/lib/auth/require';
import { grants, users } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { explain } from '@/lib/members/model/policy';
import type { Grant } from '@/lib/members/model/role';
import { TOKENS_PAGE } from '../model/scope';
import type { GalleryPerson } from '../model/view';
import { mayDeploySomewhere, ownsAny, requireOwnersToken } from './namespace';

/**
 * Whom one can make an owner: those who can sign in and may deploy somewhere, by name; the first 1,000. For owners and those
 * who manage components, who else has no list of the members. Throws `ServiceError` forbidden.
 */
export async function listGalleryPeople(ctx: ServiceContext): Promise<GalleryPerson[]> {
  await requireToChoose(ctx);
  const rows = await ctx.db
    .select({
      ...{ id: users.id, name: users.name, login: users.login },
      grants: sql<
        Grant[]
      >`json_agg(json_build_object('role', ${grants.role}, 'environmentPattern', ${grants.environmentPattern}))`,
    })
    .from(users)
    .innerJoin(grants, eq(grants.userId, users.id))
    .where(isNull(users.disabledAt))
    .groupBy(users.id)
    .orderBy(users.name, users.id)
    .limit(1_000);
  return rows
    .filter((row) => explain(row.grants, 'deployment.request', null) === null)
    .map(({ id, name, login }) => ({ id, name, login }));
}

async function requireToChoose({ actor, db }: ServiceContext): Promise<void> {
  requireOwnersToken(actor);
  if (isPermittedEverywhere(actor, 'component.manage')) return;
  const me = personId(actor);
  if (me !== null && mayDeploySomewhere(actor) && (await ownsAny(db, me))) return;
  throw new ServiceError(
    'forbidden',
    'not_an_owner',
    `You own no namespace of the gallery. An owner, or an administrator, can make you one under ${TOKENS_PAGE}.`,
  );
}
