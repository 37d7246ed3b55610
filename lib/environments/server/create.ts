import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isUniqueViolation } from '@/lib/db/errors';
import { environments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { recordChange } from '@/lib/targets/server/record';
import { type CreateEnvironmentInput, createEnvironmentInput } from '../model/schemas';

/** Adds an environment. Grants whose pattern matches its slug count at once. Throws `conflict` when the slug is taken. */
export async function createEnvironment(ctx: ServiceContext, raw: CreateEnvironmentInput): Promise<{ id: string }> {
  requirePermission(ctx.actor, 'environment.manage', null);
  const input = createEnvironmentInput.parse(raw);
  const id = newId('env');
  try {
    await ctx.db.transaction(async (tx) => {
      await tx.insert(environments).values({ id, ...input });
      await recordChange(tx, ctx, {
        kind: 'environment',
        verb: 'create',
        id,
        environment: input.slug,
        sentence: `Added the environment “${input.name}”${input.isProduction ? ' (production)' : ''}.`,
        data: input,
      });
    });
  } catch (error) {
    throw isUniqueViolation(error, 'environments_slug_key') ? slugTaken(input.slug) : error;
  }
  return { id };
}

function slugTaken(slug: string): ServiceError {
  const sentence = `There is already an environment “${slug}”. Choose another short name.`;
  return new ServiceError('conflict', 'slug_taken', sentence, {
    slug: `An environment is called “${slug}” already. Choose another short name.`,
  });
}
