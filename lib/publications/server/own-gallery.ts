import { createHash } from 'node:crypto';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { galleryDownloads, galleryVersions } from '@/lib/db/schema';
import { TARGET_PLATFORMS } from '@/lib/extensions/model/package';
import { storeOf } from '@/lib/extensions/server';
import { findVersion, publishToGallery, readGalleryToken, yankPublished } from '@/lib/gallery/server';
import { ServiceError } from '@/lib/kernel/errors';
import { type ExtensionVersion, type OwnGallery, ProviderError } from '@/lib/providers/port';

/** The console's own gallery as the provider of it sees it; refusals cross the port as its errors do. */
export function ownGallery(ctxOf: () => ServiceContext): OwnGallery {
  return {
    tokenOf: async (token) => {
      const caller = await readGalleryToken(ctxOf().db, token.reveal(), null);
      if (!caller) return null;
      const { actor, scope, expiresAt } = caller;
      return { account: actor.name, mayPublish: scope === 'publish', expiresAt };
    },
    publish: ({ sha256, requestedBy }) =>
      refusing(async () => {
        const published = await publishToGallery(ctxOf(), { packageId: sha256, by: requestedBy ?? '' });
        return published.outcome;
      }),
    find: async (wanted) => {
      const [row] = await ctxOf().db.select().from(galleryVersions).where(mine(wanted));
      return row
        ? { sha256: row.packageId, yanked: row.yankReason ?? (row.retiredAt ? 'it is not kept' : null) }
        : null;
    },
    fetched: async ({ publisher, name, version, targetPlatform }) => {
      const place = { namespace: publisher, name, version, platform: targetPlatform };
      const row = await findVersion(ctxOf().db, place);
      return row && (await digestOf(ctxOf(), row.packageId));
    },
    yank: ({ publisher, name, version, targetPlatform }, reason) =>
      refusing(async () => {
        const platform = TARGET_PLATFORMS.find((each) => each === targetPlatform);
        await yankPublished(ctxOf(), { namespace: publisher, name, version, platform, reason });
      }),
    installs: async ({ publisher, name }) => {
      const { db } = ctxOf();
      const ofIt = and(sameText(galleryVersions.namespace, publisher), sameText(galleryVersions.name, name));
      const [newest] = await db
        .select({ version: galleryVersions.version })
        .from(galleryVersions)
        .where(and(ofIt, isNull(galleryVersions.yankedAt), isNull(galleryVersions.retiredAt)))
        .orderBy(desc(galleryVersions.sortKey))
        .limit(1);
      if (!newest) return null;
      const [counted] = await db
        .select({ total: sql<number>`coalesce(sum(${galleryDownloads.count}), 0)::int` })
        .from(galleryDownloads)
        .innerJoin(galleryVersions, eq(galleryVersions.id, galleryDownloads.versionId))
        .where(and(ofIt, eq(galleryDownloads.kind, 'install')));
      return { total: counted?.total ?? 0, what: 'installs', version: newest.version };
    },
  };
}

/** Read to its end, as an editor would. */
async function digestOf(ctx: ServiceContext, packageId: string): Promise<string | null> {
  const opened = await storeOf(ctx).open(packageId);
  if (!opened) return null;
  const hash = createHash('sha256');
  for await (const piece of opened.stream) hash.update(piece as Buffer);
  return hash.digest('hex');
}

type Column = typeof galleryVersions.namespace | typeof galleryVersions.name;
const sameText = (column: Column, text: string) => sql`lower(${column}) = ${text.toLowerCase()}`;

function mine({ publisher, name, version, targetPlatform }: ExtensionVersion) {
  return and(
    sameText(galleryVersions.namespace, publisher),
    sameText(galleryVersions.name, name),
    eq(galleryVersions.version, version),
    eq(galleryVersions.platform, targetPlatform),
  );
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const kind = error.kind === 'forbidden' ? 'auth' : 'rejected';
    throw new ProviderError(kind, error.code === 'forbidden' ? 'missing_permission' : error.code, error.sentence);
  }
}
