import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

export type ComponentRow = typeof components.$inferSelect;

/** Throws `ServiceError` notFound. */
export async function componentBySlug({ db }: Pick<ServiceContext, 'db'>, slug: string): Promise<ComponentRow> {
  const row = await db.query.components.findFirst({ where: eq(components.slug, slug) });
  if (row) return row;
  throw new ServiceError(
    'notFound',
    'component_not_found',
    `There is no component “${slug}”. It may have been removed.`,
  );
}
