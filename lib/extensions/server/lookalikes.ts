import { ne } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { extensionPackages } from '@/lib/db/schema';
import { outlineOf } from '../model/identity';
import type { Finding } from '../model/package';

/** Publishers that were here before and are easily taken for this one. */
export async function lookalikes({ db }: Pick<ServiceContext, 'db'>, publisher: string): Promise<Finding[]> {
  const outline = outlineOf(publisher);
  const rows = await db
    .selectDistinct({ publisher: extensionPackages.publisher })
    .from(extensionPackages)
    .where(ne(extensionPackages.publisher, publisher));
  const same = rows.find((each) => outlineOf(each.publisher) === outline);
  if (!same) return [];
  const sentence = `The publisher ${publisher} is easily taken for ${same.publisher}, which was here before. Make sure that it is the one you mean.`;
  return [{ code: 'publisher_looks_like', sentence, path: 'extension/package.json', level: 'warn' }];
}
