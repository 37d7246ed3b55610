import { createHash, randomBytes } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { audit, galleryDownloads, galleryVersions } from '@/lib/db/schema';
import { addOwner, createNamespace, publishToGallery, unyank, yank } from '@/lib/gallery/server';
import type { GalleryWorld } from '@/lib/gallery/testing/world';
import { meet, type Round } from './meeting';

const sha256 = (bytes: ArrayBuffer) => createHash('sha256').update(Buffer.from(bytes)).digest('hex');
const fileOf = (token: string, version: string) => `/t/${token}/publishers/acme/vsextensions/demo/${version}/vspackage`;

async function counted({ database: { db } }: GalleryWorld): Promise<number> {
  const [row] = await db
    .select({ n: sql<number>`coalesce(sum(${galleryDownloads.count}), 0)::int` })
    .from(galleryDownloads);
  return row?.n ?? 0;
}

/** Large enough to come in several pieces. */
export async function download(world: GalleryWorld): Promise<Round> {
  const more = [{ name: 'extension/data.bin', content: randomBytes(300_000) }];
  const { packageId } = await world.published({ name: 'demo', version: '1.0.0', more });
  const [ada, token] = [await world.person('ada'), await world.token('ada', 'read')];
  const which = { namespace: 'acme', name: 'demo', version: '1.0.0' };
  return async (meeting) => {
    const before = await counted(world);
    const yanked = Promise.withResolvers<void>();
    const fetchIt = async () => {
      const answer = await world.ask(fileOf(token, '1.0.0'));
      // One that began is read to its end after the yank, too.
      if (meeting.variant % 2) await yanked.promise;
      return { status: answer.status, digest: sha256(await answer.arrayBuffer()) };
    };
    const takeIt = () => yank(ada, { ...which, reason: 'It phones home.' }).finally(() => yanked.resolve());
    const [gone, got] = await meet(world.database, { ...meeting, reach: { first: 20, second: 15 } }, takeIt, fetchIt);
    expect(gone).toEqual({ packages: 1 });
    const whole = got.status === 200;
    if (whole) expect(got.digest, 'all of its bytes').toBe(packageId);
    else expect(got.status).toBe(404);
    expect(await counted(world)).toBe(before + (whole ? 1 : 0));
    expect((await world.ask(fileOf(token, '1.0.0'))).status, 'after the yank').toBe(404);
    expect(await unyank(ada, which)).toEqual({ packages: 1 });
    return whole ? 'whole' : 'refused';
  };
}

/** By two owners, each with content of their own, or with the very same. */
export async function sameVersion(world: GalleryWorld): Promise<Round> {
  const [ada, bob] = [await world.person('ada'), await world.person('bob')];
  await createNamespace(ada, { namespace: 'acme' }).catch(() => {});
  await addOwner(ada, { namespace: 'acme', userId: bob.userId });
  const token = await world.token('ada', 'read');
  let n = 0;
  return async (meeting) => {
    const version = `2.0.${++n}`;
    const packed = (readme: string) => world.packaged({ name: 'demo', version, readme });
    const one = await packed('Of Ada.');
    const other = meeting.variant % 3 === 0 ? one : await packed('Of Bob.');
    const said = await meet(
      world.database,
      { ...meeting, reach: { first: 15, second: 15 } },
      () => publishToGallery(ada, { packageId: one, by: ada.userId }).catch(codeOf),
      () => publishToGallery(bob, { packageId: other, by: bob.userId }).catch(codeOf),
    );
    const outcomes = said.map((each) => (typeof each === 'string' ? each : each.outcome));
    expect(outcomes.toSorted()).toEqual([one === other ? 'already' : 'other_content', 'published'].toSorted());
    const won = outcomes.indexOf('published');
    const { db } = world.database;
    const rows = await db.select().from(galleryVersions).where(eq(galleryVersions.version, version));
    const packageId = won === 0 ? one : other;
    expect(rows).toMatchObject([{ packageId, publishedBy: won === 0 ? ada.userId : bob.userId }]);
    const lines = and(eq(audit.action, 'gallery.publish'), sql`${audit.data}->>'version' = ${version}`);
    expect(await db.$count(audit, lines)).toBe(1);
    const served = await world.ask(fileOf(token, version));
    expect(sha256(await served.arrayBuffer())).toBe(packageId);
    return won === 0 ? 'the first' : 'the second';
  };
}

function codeOf(error: { code?: string }): string {
  if (error.code !== 'other_content') throw error;
  return error.code;
}
