import { fetchedDigest } from '@/lib/http/fetched-digest';
import {
  type ClientView,
  type ExtensionVersion,
  type InstallFigures,
  type NamespaceStanding,
  type PackageToPublish,
  type Placed,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
} from '../port';
import { call } from './client';
import { NOT_A_MEMBER } from './errors';
import { extensionSchema, namespaceSchema, type QueriedVersion, querySchema, resultSchema } from './schema';

const enc = encodeURIComponent;
const namesOf = ({ publisher, name }: Pick<ExtensionVersion, 'publisher' | 'name'>) => `${publisher}.${name}`;

export function pageOf(c: ProviderContext, { publisher, name, version }: ExtensionVersion): string {
  return `${c.origin}/extension/${enc(publisher)}/${enc(name)}/${enc(version)}`;
}

/** Source: `POST /api/-/publish` of `RegistryAPI.java`: 201 with the extension, before it is there for anybody. */
export async function send(c: ProviderContext, wanted: PackageToPublish): Promise<RemoteRef> {
  const about = `namespace ${wanted.publisher}`;
  const answer = { method: 'POST', path: '/api/-/publish', body: wanted.bytes, authorized: true, about } as const;
  const taken = await call(c, answer, extensionSchema);
  if (taken.error) throw new ProviderError('rejected', 'refused', `Open VSX did not accept this: ${taken.error}`);
  const platform = wanted.targetPlatform === 'universal' ? '' : `-${wanted.targetPlatform}`;
  return { id: `${namesOf(wanted)}@${wanted.version}${platform}`, attempt: 1, url: pageOf(c, wanted) };
}

/** A version that is validated, scanned or quarantined is not shown; a registry tells which only to its administrators. */
export async function look(c: ProviderContext, wanted: ExtensionVersion): Promise<Placed> {
  const { publisher, name, version, targetPlatform } = wanted;
  const path = `/api/${enc(publisher)}/${enc(name)}/${enc(targetPlatform)}/${enc(version)}`;
  try {
    const seen = await call(c, { method: 'GET', path, about: `extension ${namesOf(wanted)}` }, extensionSchema);
    if (seen.version !== version || (seen.targetPlatform ?? 'universal') !== targetPlatform) return hidden(c, wanted);
    const url = pageOf(c, wanted);
    if (seen.downloadable === false) {
      const sentence = 'Open VSX shows the extension and does not let anybody download it.';
      return { state: 'unlisted', rawState: 'downloadable: false', sentence, url };
    }
    return { state: 'active', rawState: 'active', sentence: null, url };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'notFound') throw error;
    return hidden(c, wanted);
  }
}

function hidden(c: ProviderContext, wanted: ExtensionVersion): Placed {
  const sentence = 'Not shown yet. What it is at, Open VSX tells its administrators only.';
  return { state: 'absent', rawState: 'not shown', sentence, url: pageOf(c, wanted) };
}

/** IncludeVersions, IncludeFiles, ExcludeNonValidated and IncludeAssetUri, as `GalleryInterfaces` numbers them. */
const FLAGS = 1 | 2 | 32 | 128;
const BY_NAME = 7;
const PACKAGE = 'Microsoft.VisualStudio.Services.VSIXPackage';

/** The query of VS Code, and the package that it would install; without the credential. */
export async function asClient(c: ProviderContext, wanted: ExtensionVersion): Promise<ClientView> {
  const criteria = [{ filterType: BY_NAME, value: namesOf(wanted) }];
  const body = { filters: [{ criteria, pageNumber: 1, pageSize: 1 }], flags: FLAGS };
  const about = `extension ${namesOf(wanted)}`;
  const found = await call(c, { method: 'POST', path: '/vscode/gallery/extensionquery', body, about }, querySchema);
  const extension = found.results[0]?.extensions.find(
    ({ extensionName, publisher }) =>
      `${publisher.publisherName}.${extensionName}`.toLowerCase() === namesOf(wanted).toLowerCase(),
  );
  const version = extension?.versions?.find((each) => isWanted(each, wanted));
  const source = version?.files?.find(({ assetType }) => assetType === PACKAGE)?.source;
  if (!source) return { listed: version !== undefined, sha256: null, url: null };
  return { listed: true, sha256: await fetchedDigest(c, source), url: source };
}

function isWanted(each: QueriedVersion, { version, targetPlatform }: ExtensionVersion): boolean {
  return each.version === version && (each.targetPlatform ?? 'universal') === targetPlatform;
}

/** By what a token may do there: whether it may publish under that name. */
export async function namespace(c: ProviderContext, publisher: string): Promise<NamespaceStanding> {
  try {
    await verifyToken(c, publisher);
    return 'ours';
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'notFound') return 'absent';
    if (error.code === NOT_A_MEMBER) return 'others';
    throw error;
  }
}

export async function verifyToken(c: ProviderContext, publisher: string): Promise<void> {
  const about = `namespace ${publisher}`;
  await call(c, { method: 'GET', path: `/api/${enc(publisher)}/verify-pat`, authorized: true, about }, resultSchema);
}

/** The person of the token becomes a contributor; who owns the name is a question to the registry's administrators. */
export async function createNamespace(c: ProviderContext, name: string): Promise<void> {
  const about = `namespace ${name}`;
  const wanted = { method: 'POST', path: '/api/-/namespace/create', body: { name }, authorized: true, about } as const;
  await call(c, wanted, resultSchema);
}

export async function isOwned(c: ProviderContext, name: string): Promise<boolean> {
  const about = `namespace ${name}`;
  const { verified } = await call(c, { method: 'GET', path: `/api/${enc(name)}`, about }, namespaceSchema);
  return verified === true;
}

export async function installs(
  c: ProviderContext,
  extension: Pick<ExtensionVersion, 'publisher' | 'name'>,
): Promise<InstallFigures | null> {
  const path = `/api/${enc(extension.publisher)}/${enc(extension.name)}`;
  try {
    const about = `extension ${namesOf(extension)}`;
    const { downloadCount, version } = await call(c, { method: 'GET', path, about }, extensionSchema);
    return { total: downloadCount ?? 0, what: 'downloads', version };
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return null;
    throw error;
  }
}
