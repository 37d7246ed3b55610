import 'server-only';
import { and, eq, inArray } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { ImageSource } from '@/lib/components/model/image-source';
import { isRefusedCredential, noteRefused, noteWorks } from '@/lib/connections/server';
import { connections, releases } from '@/lib/db/schema';
import { capability, type Image, ProviderError, platformName } from '@/lib/providers/port';
import { type ComposerImages, findTags, type ImageRow, NO_IMAGES, platformRefusal } from '../model/images';
import { asRefusal, tryOpen } from './read-provider';
import { type Live, readLiveImages } from './read-running';
import { loadTarget } from './read-scope';
import { tagNames } from './tag-names';

export interface ImagesInput {
  targetId: string;
  query: string;
  /** The chosen commit: what was built from it comes first. */
  sha?: string | undefined;
  page: number;
}

const PAGE = 10;
/** Requests at once to one registry. */
const AT_ONCE = 5;

export interface Shelf extends OpenConnection {
  source: ImageSource;
  images: ReturnType<typeof capability<'images'>>;
}

/**
 * Images that can be deployed to a target: tags of the component's repository by their digest, and what runs in its other
 * environments. Whatever the registry refuses is part of the answer; throws only for a target that may not be seen.
 */
export async function composerImages(ctx: ServiceContext, input: ImagesInput): Promise<ComposerImages> {
  const { component, target } = await loadTarget(ctx, input.targetId);
  const { image: source, imageConnectionId } = component;
  if (!source || !imageConnectionId) return NO_IMAGES;
  const [[connection], opened] = await Promise.all([
    ctx.db
      .select({ id: connections.id, name: connections.name })
      .from(connections)
      .where(eq(connections.id, imageConnectionId)),
    tryOpen(ctx, imageConnectionId, 'look'),
  ]);
  const about = { ...NO_IMAGES, source: { ...source, connection: connection ?? { id: imageConnectionId, name: '' } } };
  if (!opened.ok) return { ...about, trouble: opened.refusal };
  try {
    const shelf: Shelf = { ...opened.open, source, images: capability(opened.open.provider, 'images') };
    const { names, cut } = await tagNames(shelf, imageConnectionId);
    const ranked = findTags(names, input.query, input.sha ?? null);
    const tags = ranked.slice(input.page * PAGE, (input.page + 1) * PAGE);
    const live = await readLiveImages(ctx, component.id, source);
    const { rows, unreadable } = await rowsOf(ctx, shelf, { tags, componentId: component.id, live });
    const running =
      input.page === 0 && input.query.trim() === ''
        ? await runningIn(ctx, shelf, component.id, target.id, live, rows)
        : [];
    const next = (input.page + 1) * PAGE < ranked.length ? input.page + 1 : null;
    await noteWorks(ctx, imageConnectionId);
    return { ...about, rows, unreadable, running, next, total: ranked.length, cut };
  } catch (error) {
    await noteRefused(ctx, imageConnectionId, error);
    return { ...about, trouble: asRefusal(error) };
  }
}

interface Wanted {
  tags: readonly string[];
  componentId: string;
  live: readonly Live[];
}

/** Trouble with the registry, or with whoever asks; not with one tag. */
function ofAll(error: ProviderError): boolean {
  return error.kind === 'unavailable' || error.kind === 'rateLimited' || isRefusedCredential(error);
}

/** Tags by the digest that they lead to now, in the order of the first of each. */
async function rowsOf(
  ctx: ServiceContext,
  shelf: Shelf,
  wanted: Wanted,
): Promise<Pick<ComposerImages, 'rows' | 'unreadable'>> {
  const unreadable: ComposerImages['unreadable'] = [];
  const found = new Map<string, { tags: string[]; image: Image }>();
  const read = await inTurn(wanted.tags, async (tag) => {
    try {
      const digest = await shelf.images.digest(shelf.context, shelf.source.repository, tag);
      return { tag, image: await readImage(shelf, digest) };
    } catch (error) {
      if (!(error instanceof ProviderError) || ofAll(error)) throw error;
      // Deleted between the list and the look.
      if (error.kind !== 'notFound') unreadable.push({ tag, sentence: error.message });
      return null;
    }
  });
  for (const each of read) {
    if (!each) continue;
    const known = found.get(each.image.digest);
    if (known) known.tags.push(each.tag);
    else found.set(each.image.digest, { tags: [each.tag], image: each.image });
  }
  const messages = await messagesOf(
    ctx,
    wanted.componentId,
    [...found.values()].map(({ image }) => image),
  );
  const rows = [...found.values()].map(({ tags, image }) => rowOf(shelf.source, image, tags, wanted.live, messages));
  return { rows, unreadable };
}

function readImage({ images, context, source }: Shelf, digest: string): Promise<Image> {
  return images.image(context, source.repository, digest, source.platform);
}

/** A few at a time; the answers in the order of the questions. */
async function inTurn<A, B>(all: readonly A[], work: (one: A) => Promise<B>): Promise<B[]> {
  const done: B[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    done.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(work))));
  }
  return done;
}

/** Messages of the commits that images were built from, where the console has deployed them before. */
async function messagesOf(
  ctx: ServiceContext,
  componentId: string,
  images: readonly Image[],
): Promise<Map<string, string>> {
  const shas = [...new Set(images.map((image) => image.revision).filter((sha) => sha !== null))];
  if (shas.length === 0) return new Map();
  const rows = await ctx.db
    .select({ sha: releases.sha, message: releases.message })
    .from(releases)
    .where(and(eq(releases.componentId, componentId), inArray(releases.sha, shas)));
  return new Map(rows.map((row) => [row.sha, row.message.split('\n')[0] ?? '']));
}

function rowOf(
  source: ImageSource,
  image: Image,
  tags: string[],
  live: readonly Live[],
  messages: Map<string, string>,
): ImageRow {
  const platforms = image.platforms.map(platformName);
  const { digest, reference, createdAt, revision, version, attestations } = image;
  return {
    ...{ digest, reference, createdAt, version, attestations, tags, platforms },
    revision: revision ? { sha: revision, message: messages.get(revision) || null } : null,
    sizeBytes: image.platforms.find((each) => each.sizeBytes !== null)?.sizeBytes ?? null,
    liveIn: [...new Set(live.filter((each) => each.digest === digest).map((each) => each.environment.name))],
    refusal: platformRefusal(platforms, source.platform),
  };
}

/** What runs in the component's other places, looked up again: a digest that is gone is said to be. */
async function runningIn(
  ctx: ServiceContext,
  shelf: Shelf,
  componentId: string,
  targetId: string,
  live: readonly Live[],
  rows: readonly ImageRow[],
): Promise<ComposerImages['running']> {
  const others = live.filter((each) => each.targetId !== targetId);
  return inTurn(others, async ({ targetId: _, digest, ...place }) => {
    const known = rows.find((row) => row.digest === digest);
    if (known) return { ...place, digest, image: known, refusal: known.refusal };
    try {
      await shelf.images.digest(shelf.context, shelf.source.repository, digest);
      const image = await readImage(shelf, digest);
      const row = rowOf(shelf.source, image, [], live, await messagesOf(ctx, componentId, [image]));
      return { ...place, digest, image: row, refusal: row.refusal };
    } catch (error) {
      return { ...place, digest, image: null, refusal: asRefusal(error).sentence };
    }
  });
}
