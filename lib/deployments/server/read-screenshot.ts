import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { readCapped } from '@/lib/http/read-body';
import { ServiceError } from '@/lib/kernel/errors';
import { loadTarget, notFound } from './read-scope';
import { loadDeployment } from './rows';

const MOST_BYTES = 3_000_000;
const WITHIN_MS = 10_000;

/**
 * What a browser shows as a picture and runs nothing of, by its first bytes (null: any); what the sender calls it does not
 * count. The family of WebP holds sounds and films too, and its own name comes after the length.
 */
const KINDS: readonly { type: string; ending: string; begins: readonly (number | null)[] }[] = [
  { type: 'image/png', ending: 'png', begins: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'image/jpeg', ending: 'jpg', begins: [0xff, 0xd8, 0xff] },
  {
    ...{ type: 'image/webp', ending: 'webp' },
    begins: [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
  },
];

export function pictureKind(bytes: Uint8Array): { type: string; ending: string } | null {
  return KINDS.find(({ begins }) => begins.every((byte, at) => byte === null || bytes[at] === byte)) ?? null;
}

/**
 * The picture that the host took of a build, fetched by this server: the reader's browser asks nobody else. At most 3 MB.
 * Throws `no_screenshot` where there is none, or something else came.
 */
export async function readScreenshot(ctx: ServiceContext, input: { deploymentId: string }) {
  const row = await loadDeployment(ctx.db, input.deploymentId);
  if (!row) throw notFound('deployment');
  await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  const { provider, context } = await ctx.openConnection(row.connectionId, undefined, 'look');
  const ref = { id: row.remoteId ?? '', attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  const shot = row.remoteId ? (await provider.methods.previews?.read(context, row.config, ref))?.screenshot : null;
  if (!shot) throw none(`${provider.manifest.label} has no picture of this build.`);
  const bytes = await fetchPicture(ctx, shot);
  const kind = pictureKind(bytes);
  if (!kind) throw none('What came instead of the picture is none. Open the build at its host.');
  const body = new Blob([bytes]).stream() as ReadableStream<Uint8Array>;
  return { name: `deployment-${row.number}.${kind.ending}`, type: kind.type, body };
}

async function fetchPicture(ctx: ServiceContext, url: string): Promise<Uint8Array<ArrayBuffer>> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  let response: Response;
  try {
    response = await ctx.fetchOutside(url, { headers: { accept: 'image/png, image/jpeg, image/webp' }, signal });
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw none('The picture cannot be reached at the host now. Try again later.');
  }
  if (!response.ok) {
    await response.body?.cancel().catch(() => undefined);
    throw none(`The host answered ${response.status} instead of the picture. Try again later.`);
  }
  const { bytes, cut } = await readCapped(response, MOST_BYTES);
  if (cut) throw none('The picture is larger than 3 MB, so it is not shown here. Open the build at its host.');
  return bytes;
}

function none(sentence: string): ServiceError {
  return new ServiceError('precondition', 'no_screenshot', sentence);
}
