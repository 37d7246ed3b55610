import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isUniqueViolation } from '@/lib/db/errors';
import { components } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { recordChange } from '@/lib/targets/server/record';
import { type CreateComponentInput, createComponentInput } from '../model/schemas';
import { imageColumns } from './image';

/** Adds a component. Throws `conflict` when the slug is taken. Returns the new id. */
export async function createComponent(ctx: ServiceContext, raw: CreateComponentInput): Promise<{ id: string }> {
  requirePermission(ctx.actor, 'component.manage', null);
  const { image, ...input } = createComponentInput.parse(raw);
  const id = newId('cmp');
  try {
    await ctx.db.transaction(async (tx) => {
      await tx.insert(components).values({ id, ...input, ...(await imageColumns(tx, image)) });
      await recordChange(tx, ctx, {
        kind: 'component',
        verb: 'create',
        id,
        environment: null,
        sentence: `Added the component “${input.name}”.`,
        data: { ...input, ...(image ? { image } : {}) },
      });
    });
  } catch (error) {
    throw isUniqueViolation(error, 'components_slug_key') ? slugTaken(input.slug) : error;
  }
  return { id };
}

function slugTaken(slug: string): ServiceError {
  return new ServiceError(
    'conflict',
    'slug_taken',
    `There is already a component “${slug}”. Choose another short name.`,
    {
      slug: `A component is called “${slug}” already. Choose another short name.`,
    },
  );
}
