import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { grants, users } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { accept, type Blobs } from '@/lib/extensions/server';
import { diskBlobs } from '@/lib/extensions/server/disk-blobs';
import { type SampleParts, sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import type { Role } from '@/lib/members/model/role';
import type { GalleryScope } from '../model/scope';
import { serveGallery } from '../serve/gallery';
import { createGalleryToken, createNamespace, type Published, publishToGallery } from '../server';

export const ORIGIN = 'https://deploy.acme.example';

export interface GalleryWorld {
  database: Database;
  contextFor(actor: Actor): ServiceContext;
  /** A person with a role everywhere; made when first named. */
  person(name: string, role?: Role): Promise<ServiceContext & { userId: string }>;
  token(who: string, scope: GalleryScope, role?: Role): Promise<string>;
  /** A package, inspected and stored. */
  packaged(parts: SampleParts): Promise<string>;
  /** The same, published by the person, who owns the namespace then. */
  published(parts: SampleParts, who?: string): Promise<Published>;
  /** Asks the gallery; `path` behind /api/gallery. */
  ask(path: string, init?: RequestInit & { duplex?: 'half' }): Promise<Response>;
  close(): Promise<void>;
}

/** A gallery over a database of its own, and packages in a folder of its own unless they lie `elsewhere`. */
export async function galleryWorld(elsewhere?: Blobs): Promise<GalleryWorld> {
  const [database, folder] = await Promise.all([openTestDatabase(), mkdtemp(path.join(os.tmpdir(), 'gallery-'))]);
  const blobs = elsewhere ?? diskBlobs(folder);
  const contextFor = (actor: Actor): ServiceContext => ({ ...testContext(database.db, { actor }), blobs });
  const known = new Map<string, ServiceContext & { userId: string }>();
  const person: GalleryWorld['person'] = async (name, role = 'admin') => {
    const before = known.get(name);
    if (before) return before;
    const id = `usr_${name}`;
    await database.db.insert(users).values({ id, login: name, name });
    const grant = { role, environmentPattern: '*' };
    await database.db.insert(grants).values({ id: `grn_${name}`, userId: id, ...grant });
    const made = { ...contextFor(personActor([grant], { id, name })), userId: id };
    known.set(name, made);
    return made;
  };
  const packaged = async (parts: SampleParts) =>
    (await accept(await person('ada'), Readable.from([sampleVsix(parts)]), { kind: 'upload' })).packageId;
  return {
    ...{ database, contextFor, person, packaged },
    token: async (who, scope, role) =>
      (await createGalleryToken(await person(who, role), { name: `${who} ${scope}`, scope, days: 30 })).token,
    published: async (parts, who = 'ada') => {
      const ctx = await person(who);
      await createNamespace(ctx, { namespace: parts.publisher ?? 'acme' }).catch(() => {});
      return await publishToGallery(ctx, { packageId: await packaged(parts), by: ctx.userId });
    },
    ask: (where, init) =>
      serveGallery(new Request(`http://inside/api/gallery${where}`, init), {
        ...{ requestId: 'req_test', ip: '203.0.113.7', origin: ORIGIN, contextFor },
      }),
    close: async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
