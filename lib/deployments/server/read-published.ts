import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { extensionPackages } from '@/lib/db/schema';
import type { PublishedView } from '../model/published-view';
import type { DeploymentRow } from './rows';

/** The package that is published; null for a deployment that publishes none. */
export async function readPublished(
  db: DbOrTx,
  { dispatch: { publish } }: Pick<DeploymentRow, 'dispatch'>,
): Promise<PublishedView | null> {
  if (!publish) return null;
  const { packageId: id, publisher, name, version, targetPlatform: platform, prerelease } = publish;
  const { findings } = extensionPackages;
  const [row] = await db.select({ findings }).from(extensionPackages).where(eq(extensionPackages.id, id));
  const warns = row?.findings.filter(({ level }) => level === 'warn');
  const warnings = warns?.map(({ code, sentence, path }) => ({ code, sentence, path: path ?? null })) ?? null;
  return { id, extension: `${publisher}.${name}`, version, platform, prerelease, kept: row !== undefined, warnings };
}
