import {
  type ClientView,
  type CredentialReport,
  defineProvider,
  type ExtensionVersion,
  type OwnGallery,
  type PackageToPublish,
  type Placed,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
} from '../port';
import { manifest } from './manifest';

function galleryOf({ ownGallery }: ProviderContext): OwnGallery {
  if (ownGallery) return ownGallery;
  throw new ProviderError(
    'unavailable',
    'no_gallery',
    'This process has no gallery of its own. Try again in a moment.',
  );
}

async function send(c: ProviderContext, wanted: PackageToPublish): Promise<RemoteRef> {
  await galleryOf(c).publish(wanted);
  const platform = wanted.targetPlatform === 'universal' ? '' : `-${wanted.targetPlatform}`;
  return { id: `${wanted.publisher}.${wanted.name}@${wanted.version}${platform}`, attempt: 1, url: '' };
}

async function look(c: ProviderContext, wanted: ExtensionVersion): Promise<Placed> {
  const found = await galleryOf(c).find(wanted);
  if (!found) return { state: 'absent', rawState: 'no such version', sentence: null, url: null };
  if (found.yanked === null) return { state: 'active', rawState: 'published', sentence: null, url: null };
  return { state: 'unlisted', rawState: 'yanked', sentence: `It was taken away here: ${found.yanked}`, url: null };
}

/** The digest is made of the stored bytes themselves: a store may have lost or changed them. */
async function asClient(c: ProviderContext, wanted: ExtensionVersion): Promise<ClientView> {
  const found = await galleryOf(c).find(wanted);
  const listed = found !== null && found.yanked === null;
  return { listed, sha256: listed ? await galleryOf(c).fetched(wanted) : null, url: null };
}

/** A gallery token of this console; what is published is published on the word of the person who asks for it. */
async function verifyCredential(c: ProviderContext): Promise<CredentialReport> {
  const known = c.credential.kind === 'token' ? await galleryOf(c).tokenOf(c.credential.token) : null;
  if (!known) {
    const sentence =
      'This is no gallery token of this console, or it has ended. Make one on the gallery’s page, and store it here.';
    throw new ProviderError('auth', 'credential_refused', sentence);
  }
  const problem = 'This gallery token may only read. Make one that may publish.';
  const problems = known.mayPublish ? [] : [problem];
  return {
    ok: known.mayPublish,
    account: known.account,
    scopes: known.mayPublish ? ['publish'] : ['read'],
    problems,
    expiresAt: known.expiresAt,
  };
}

/** This console's own gallery, by the same verbs that its API has. */
export const provider = defineProvider(
  manifest,
  {
    publish: {
      send: (c, _, wanted) => send(c, wanted),
      look: (c, _, wanted) => look(c, wanted),
      asClient: (c, _, wanted) => asClient(c, wanted),
      unlist: (c, _, wanted, reason) => galleryOf(c).yank(wanted, reason),
      installs: (c, _, extension) => galleryOf(c).installs(extension),
    },
  },
  verifyCredential,
);
