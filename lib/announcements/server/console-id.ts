import { eq } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { settings } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';

const KEY = 'console.id';

/**
 * What tells this console from another one that uses the same GitHub App. Made when it is first asked for, and kept in the
 * database, so that a restored one is the same console; of no use to anybody who reads it.
 */
export async function consoleId(db: Db): Promise<string> {
  const known = await read(db);
  if (known !== null) return known;
  await db
    .insert(settings)
    .values({ key: KEY, value: newId('console') })
    .onConflictDoNothing();
  const made = await read(db);
  if (made === null) throw new Error('The id of this console was not written.');
  return made;
}

async function read(db: Db): Promise<string | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, KEY));
  return typeof row?.value === 'string' ? row.value : null;
}
