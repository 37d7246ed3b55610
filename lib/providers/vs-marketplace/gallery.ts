import { z } from 'zod';
import { fetchedDigest } from '@/lib/http/fetched-digest';
import {
  type ClientView,
  type ExtensionVersion,
  type InstallFigures,
  type PackageToPublish,
  type Placed,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
} from '../port';
import { call } from './client';
import { isWanted, toPlaced } from './map';
import { extensionSchema, type MarketExtension, querySchema, rolesSchema } from './schema';

type Extension = Pick<ExtensionVersion, 'publisher' | 'name'>;

const enc = encodeURIComponent;
const namesOf = ({ publisher, name }: Extension) => `${publisher}.${name}`;
const pathOf = ({ publisher, name }: Extension) => `/gallery/publishers/${enc(publisher)}/extensions/${enc(name)}`;
const GALLERY = '7.2-preview.2';
const PUBLIC = '3.0-preview.1';

export const pageOf = (c: ProviderContext, extension: Extension) => `${c.origin}/items?itemName=${namesOf(extension)}`;

/** As its publisher sees it, with what is still validated. IncludeVersions and IncludeVersionProperties. */
async function readOwn(c: ProviderContext, extension: Extension): Promise<MarketExtension | null> {
  const path = `${pathOf(extension)}?flags=${1 | 16}`;
  const about = `extension ${namesOf(extension)}`;
  try {
    return await call(c, { method: 'GET', path, apiVersion: GALLERY, authorized: true, about }, extensionSchema);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return null;
    throw error;
  }
}

/** A new extension is created, another version updates it; both take the package itself. */
export async function send(c: ProviderContext, wanted: PackageToPublish): Promise<RemoteRef> {
  const known = await readOwn(c, wanted);
  if (known?.versions?.some((each) => isWanted(each, wanted))) {
    const sentence =
      'The Marketplace has this version already. A version is never replaced: raise it, and publish that.';
    throw new ProviderError('rejected', 'already_there', sentence);
  }
  const about = known ? `extension ${namesOf(wanted)}` : `publisher ${wanted.publisher}`;
  const shared = { apiVersion: GALLERY, authorized: true, body: wanted.bytes, about } as const;
  await (known
    ? call(c, { method: 'PUT', path: pathOf(wanted), ...shared }, extensionSchema)
    : call(c, { method: 'POST', path: '/gallery/extensions', ...shared }, extensionSchema));
  const platform = wanted.targetPlatform === 'universal' ? '' : `-${wanted.targetPlatform}`;
  return { id: `${namesOf(wanted)}@${wanted.version}${platform}`, attempt: 1, url: pageOf(c, wanted) };
}

/** As its publisher sees it. */
export async function look(c: ProviderContext, wanted: ExtensionVersion): Promise<Placed> {
  const extension = await readOwn(c, wanted);
  const url = pageOf(c, wanted);
  return extension
    ? toPlaced(extension, wanted, url)
    : { state: 'absent', rawState: 'no such extension', sentence: null, url };
}

/** Without a token only what everybody sees is seen: a version that is validated is not there yet. */
export async function lookAsClient(c: ProviderContext, wanted: ExtensionVersion): Promise<Placed> {
  const found = (await queried(c, wanted))?.versions?.some((each) => isWanted(each, wanted));
  const url = pageOf(c, wanted);
  return found
    ? { state: 'active', rawState: 'listed', sentence: null, url }
    : { state: 'absent', rawState: 'not listed', sentence: null, url };
}

/** IncludeVersions, IncludeFiles, ExcludeNonValidated, IncludeAssetUri and IncludeStatistics. */
const CLIENT_FLAGS = 1 | 2 | 32 | 128 | 256;
const BY_NAME = 7;
const FOR_TARGET = 8;
const WITHOUT_FLAGS = 12;
const CODE = 'Microsoft.VisualStudio.Code';
const UNPUBLISHED = '4096';

/** The query that VS Code sends before it installs. */
async function queried(c: ProviderContext, extension: Extension): Promise<MarketExtension | null> {
  const criteria = [
    { filterType: BY_NAME, value: namesOf(extension) },
    { filterType: FOR_TARGET, value: CODE },
    { filterType: WITHOUT_FLAGS, value: UNPUBLISHED },
  ];
  const body = { filters: [{ criteria, pageNumber: 1, pageSize: 1 }], assetTypes: [], flags: CLIENT_FLAGS };
  const about = `extension ${namesOf(extension)}`;
  const path = '/public/gallery/extensionquery';
  const answer = await call(
    c,
    { method: 'POST', path, apiVersion: PUBLIC, authorized: false, body, about },
    querySchema,
  );
  const found = answer.results[0]?.extensions.find(
    (each) =>
      `${each.publisher.publisherName}.${each.extensionName}`.toLowerCase() === namesOf(extension).toLowerCase(),
  );
  return found ?? null;
}

/**
 * The package as a client gets it: through the gallery's own address of it, which sends on to the content network that the
 * query names. Both lead to the same file.
 */
export async function asClient(c: ProviderContext, wanted: ExtensionVersion): Promise<ClientView> {
  const extension = await queried(c, wanted);
  const version = extension?.versions?.find((each) => isWanted(each, wanted));
  if (!version) return { listed: false, sha256: null, url: null };
  const platform = wanted.targetPlatform === 'universal' ? '' : `?targetPlatform=${enc(wanted.targetPlatform)}`;
  const path = `/_apis/public/gallery/publishers/${enc(wanted.publisher)}/vsextensions/${enc(wanted.name)}/${enc(wanted.version)}/vspackage${platform}`;
  const url = `${c.origin}${path}`;
  return { listed: true, sha256: await fetchedDigest(c, url), url };
}

/** All versions, for good. Source: `unpublish` of vsce. */
export async function unpublish(c: ProviderContext, extension: Extension): Promise<void> {
  const about = `extension ${namesOf(extension)}`;
  const wanted = { method: 'DELETE', path: pathOf(extension), apiVersion: GALLERY, authorized: true, about } as const;
  await call(c, wanted, z.unknown());
}

export async function installs(c: ProviderContext, extension: Extension): Promise<InstallFigures | null> {
  const found = await queried(c, extension);
  if (!found) return null;
  const install = found.statistics?.find(({ statisticName }) => statisticName === 'install');
  return { total: Math.round(install?.value ?? 0), what: 'installs', version: found.versions?.[0]?.version ?? null };
}

/** 200 for whoever has any role at the publisher, 403 for everybody else. Source: `verifyPat` of vsce. */
export async function readRoles(c: ProviderContext, publisher: string): Promise<void> {
  const path = `/securityroles/scopes/gallery.publisher/roleassignments/resources/${enc(publisher)}`;
  const about = `publisher ${publisher}`;
  await call(c, { method: 'GET', path, apiVersion: '3.2-preview.1', authorized: true, about }, rolesSchema);
}
