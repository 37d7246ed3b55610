import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { extensionPackages } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

export type PackageRow = typeof extensionPackages.$inferSelect;

/** Throws `ServiceError` notFound `no_such_package`. */
export async function loadPackage({ db }: Pick<ServiceContext, 'db'>, packageId: string): Promise<PackageRow> {
  const [row] = await db.select().from(extensionPackages).where(eq(extensionPackages.id, packageId));
  if (row) return row;
  throw new ServiceError('notFound', 'no_such_package', 'There is no such package. It may have been removed.');
}
