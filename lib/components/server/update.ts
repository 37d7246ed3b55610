import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { components } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { recordChange } from '@/lib/targets/server/record';
import { type UpdateComponentInput, updateComponentInput } from '../model/schemas';
import { imageColumns } from './image';

/** Changes what a component is called and which folders are its own; the slug stays, because addresses hold it. */
export async function updateComponent(ctx: ServiceContext, raw: UpdateComponentInput): Promise<void> {
  requirePermission(ctx.actor, 'component.manage', null);
  const { id, image, ...fields } = updateComponentInput.parse(raw);
  await ctx.db.transaction(async (tx) => {
    const columns = { ...fields, ...(await imageColumns(tx, image)) };
    const [row] = await tx.update(components).set(columns).where(eq(components.id, id)).returning();
    if (!row) {
      throw new ServiceError(
        'notFound',
        'component_not_found',
        'There is no such component. It may have been removed.',
      );
    }
    await recordChange(tx, ctx, {
      kind: 'component',
      verb: 'update',
      id,
      environment: null,
      sentence: `Changed the component “${row.name}”.`,
      data: { ...fields, ...(image === undefined ? {} : { image }) },
    });
  });
}
