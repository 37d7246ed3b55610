import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { galleryVersions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { moveOwnPublications } from '@/lib/publications/server/move-own';
import type { unyankInput, yankInput } from '../model/schemas';
import { loadNamespace, requireOwner, requireUnlimited } from './namespace';

type Which = z.output<typeof unyankInput>;

function rowsOf({ name, version, platform }: Which, namespace: string): SQL | undefined {
  return and(
    eq(galleryVersions.namespace, namespace),
    sql`lower(${galleryVersions.name}) = ${name.toLowerCase()}`,
    eq(galleryVersions.version, version),
    platform ? eq(galleryVersions.platform, platform) : undefined,
  );
}

async function begin(ctx: ServiceContext, which: Which) {
  requireAnywhere(ctx.actor, 'deployment.request');
  const namespace = (await loadNamespace(ctx.db, which.namespace)).name;
  await requireOwner(ctx, namespace);
  const where = rowsOf(which, namespace);
  if ((await ctx.db.$count(galleryVersions, where)) === 0)
    throw new ServiceError(
      'notFound',
      'no_such_version',
      `The gallery has no ${namespace}.${which.name} ${which.version}.`,
    );
  return { namespace, where };
}

/**
 * Takes a version from the gallery: editors neither find nor fetch it any more. Who has it installed keeps it. The version
 * stays taken. Answers how many packages it was; 0 when all were yanked before.
 */
export async function yank(ctx: ServiceContext, input: z.output<typeof yankInput>): Promise<{ packages: number }> {
  requireUnlimited(ctx.actor);
  return await yankPublished(ctx, input);
}

/** The same, of what a target published, for whoever may deploy in its environment: also by a token that reaches no other. */
export async function yankPublished(
  ctx: ServiceContext,
  input: z.output<typeof yankInput>,
): Promise<{ packages: number }> {
  const { namespace, where } = await begin(ctx, input);
  return await ctx.db.transaction(async (tx) => {
    const gone = await tx
      .update(galleryVersions)
      .set({ yankedAt: sql`now()`, yankedBy: personId(ctx.actor), yankReason: input.reason })
      .where(and(where, isNull(galleryVersions.yankedAt)))
      .returning({ packageId: galleryVersions.packageId });
    if (gone.length === 0) return { packages: 0 };
    const packages = gone.map((row) => row.packageId);
    await moveOwnPublications(tx, ctx, packages, { state: 'unlisted', detail: input.reason });
    await emitAudit(tx, ctx, {
      action: 'gallery.yank',
      resource: { kind: 'extension', id: `${namespace}.${input.name}` },
      outcome: 'done',
      sentence: `${ctx.actor.name} yanked ${namespace}.${input.name} ${input.version} from the gallery: ${input.reason}`,
      data: { version: input.version, platform: input.platform ?? 'all', packages },
    });
    return { packages: gone.length };
  });
}

/** Takes a yank back: the same bytes are there again. What is not kept is not put back (`retired`). */
export async function unyank(ctx: ServiceContext, input: Which): Promise<{ packages: number }> {
  requireUnlimited(ctx.actor);
  const { namespace, where } = await begin(ctx, input);
  return await ctx.db.transaction(async (tx) => {
    const back = await tx
      .update(galleryVersions)
      .set({ yankedAt: null, yankedBy: null, yankReason: null })
      .where(and(where, isNotNull(galleryVersions.yankedAt), isNull(galleryVersions.retiredAt)))
      .returning({ packageId: galleryVersions.packageId });
    if (back.length === 0 && (await tx.$count(galleryVersions, and(where, isNotNull(galleryVersions.yankedAt)))) > 0)
      throw new ServiceError(
        'conflict',
        'retired',
        `${namespace}.${input.name} ${input.version} is not kept any more. Publish a newer version.`,
      );
    if (back.length === 0) return { packages: 0 };
    const packages = back.map((row) => row.packageId);
    // Whether clients get it, the next look says.
    await moveOwnPublications(tx, ctx, packages, { state: 'active' });
    await emitAudit(tx, ctx, {
      action: 'gallery.unyank',
      resource: { kind: 'extension', id: `${namespace}.${input.name}` },
      outcome: 'done',
      sentence: `${ctx.actor.name} put ${namespace}.${input.name} ${input.version} back into the gallery.`,
      data: { version: input.version, platform: input.platform ?? 'all', packages },
    });
    return { packages: back.length };
  });
}
