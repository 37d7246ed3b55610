import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { environments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { recordChange } from '@/lib/targets/server/record';
import { type UpdateEnvironmentInput, updateEnvironmentInput } from '../model/schemas';

/** The slug stays: grants name environments by it. */
export async function updateEnvironment(ctx: ServiceContext, raw: UpdateEnvironmentInput): Promise<void> {
  requirePermission(ctx.actor, 'environment.manage', null);
  const { id, ...fields } = updateEnvironmentInput.parse(raw);
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.update(environments).set(fields).where(eq(environments.id, id)).returning();
    if (!row) {
      const sentence = 'There is no such environment. It may have been removed.';
      throw new ServiceError('notFound', 'environment_not_found', sentence);
    }
    await recordChange(tx, ctx, {
      kind: 'environment',
      verb: 'update',
      id,
      environment: row.slug,
      sentence: `Changed the environment “${row.name}”.`,
      data: fields,
    });
  });
}
