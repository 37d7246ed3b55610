import type { ServiceContext } from '@/lib/auth/context';
import type { ImageSource } from '@/lib/components/model/image-source';
import { noteRefused } from '@/lib/connections/server';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, type InputValue, ProviderError, type ProviderErrorKind, platformName } from '@/lib/providers/port';
import { imageIn, platformRefusal } from '../model/images';
import { isAmong } from './own-environment';
import type { LoadedTarget } from './rows';

interface Asked {
  inputs: Readonly<Record<string, InputValue>>;
  /** Inputs that the target's settings decide: whoever set them up answers for them. */
  fixed: readonly string[];
  /** Something that ran before: its repository may be another than today's, which then is not asked. */
  again: boolean;
}

/**
 * The image that the inputs name is pinned, of the component's repository, still there, and runs where it goes. A registry
 * that cannot be asked now holds nothing up: the digest says what is deployed, and a roll-back must not wait for it. Then it
 * answers a sentence for the deployment's page; null when the image was looked at, or there is none to look at.
 * Throws `ServiceError` `image_not_pinned`, `image_mismatch`, `image_elsewhere`, `image_gone`, `platform_missing`, or the
 * code of what the registry answered wrongly.
 */
export async function requireImage(
  ctx: ServiceContext,
  loaded: Pick<LoadedTarget, 'component'>,
  asked: Asked,
): Promise<string | null> {
  const { image, imageConnectionId } = loaded.component;
  if (!image || !imageConnectionId) return null;
  const source = typedIn(image, asked.fixed);
  const named = imageIn(source, asked.inputs);
  if (named.kind === 'none') return null;
  if (named.kind === 'refused') {
    if (asked.again) return null;
    throw refusal('invalid', named.code, named.sentence, named.input);
  }
  const input = source.imageInput ?? source.digestInput ?? '';
  try {
    const { provider, context } = await ctx.openConnection(imageConnectionId);
    const images = capability(provider, 'images');
    const expected = images.reference(context, source.repository, named.digest);
    if (named.reference !== null && named.reference !== expected) {
      if (asked.again) return null;
      const sentence = `This image is not of ${source.repository}, where the images of this component are. Choose one from the list.`;
      throw refusal('invalid', 'image_elsewhere', sentence, input);
    }
    await images.digest(context, source.repository, named.digest);
    const { platforms } = await images.image(context, source.repository, named.digest, source.platform);
    const missing = platformRefusal(platforms.map(platformName), source.platform);
    if (missing) throw refusal('precondition', 'platform_missing', missing, input);
    return null;
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'no_image') {
      throw refusal('precondition', 'image_gone', error.message, input);
    }
    await noteRefused(ctx, imageConnectionId, error);
    if (isUnreachable(error)) return unlooked(error);
    if (error instanceof ProviderError) throw refusal('precondition', error.code, error.message, input);
    throw error;
  }
}

const UNREACHABLE_SAYS: Partial<Record<ProviderErrorKind, string>> = {
  unavailable: 'it did not answer',
  rateLimited: 'it wants a pause',
  auth: 'nobody was let in; Check under Connections says why',
};
/** A new credential mends only one of these. */
const NOT_LET_IN_SAYS: Readonly<Record<string, string>> = {
  credential_refused: 'it refuses the credential; enter a new one under Connections',
  sign_in_denied: 'it knows the credential, which lacks a right at the vendor; Check under Connections says which',
  missing_permission: 'the credential may not read that repository, or there is none; give it the right to pull',
  clock_wrong: 'it says that the clock of this server is wrong; set the clock',
};

/** The registry is down, wants a pause, or lets nobody in. What it answered wrongly is another matter. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof ProviderError) return error.kind in UNREACHABLE_SAYS;
  return (
    error instanceof ServiceError && ['credential_missing', 'credential_unreadable', 'kek_missing'].includes(error.code)
  );
}

/** The kind of trouble, in our own words: what a registry says may hold anything. */
function unlooked(error: unknown): string {
  const why =
    error instanceof ProviderError
      ? (NOT_LET_IN_SAYS[error.code] ?? UNREACHABLE_SAYS[error.kind])
      : 'this console has no credential for it that it can read';
  return `Nobody looked whether its image is there and fits: the registry could not be asked (${why}). It goes on, because the digest says what is deployed; if the image is gone, its run fails.`;
}

/** Only what a person types is looked at: one of the two may be fixed, and the other is checked all the same. */
function typedIn(source: ImageSource, fixed: readonly string[]): ImageSource {
  const typed = (name: string | null) => (name !== null && isAmong(fixed, name) ? null : name);
  return { ...source, imageInput: typed(source.imageInput), digestInput: typed(source.digestInput) };
}

function refusal(kind: 'invalid' | 'precondition', code: string, sentence: string, input: string): ServiceError {
  return new ServiceError(kind, code, sentence, { [`inputs.${input}`]: sentence });
}
