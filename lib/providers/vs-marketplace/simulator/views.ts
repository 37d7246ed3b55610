import type { SimulatedVersion } from './state';

const CDN = 'https://aetherstack.gallerycdn.vsassets.io';
const VALIDATED = 1;
const LOCKED = 16_384;
const PUBLIC = 256 | 4;

/** `PublishedExtension`, as far as anybody here reads it. Its publisher sees what is not validated, clients do not. */
export function extensionView(versions: SimulatedVersion[], installs: number, who: 'publisher' | 'client') {
  const [first] = versions;
  if (!first) return null;
  const shown = who === 'publisher' ? versions : versions.filter(({ state }) => state === 'active');
  if (shown.length === 0) return null;
  const isLocked = versions.some(({ state }) => state === 'locked');
  if (isLocked && who === 'client') return null;
  return {
    publisher: { publisherName: first.publisher, displayName: first.publisher },
    extensionName: first.name,
    displayName: first.name,
    flags: PUBLIC | (isLocked ? LOCKED : 0),
    versions: [...shown].reverse().map(versionView),
    statistics: [{ statisticName: 'install', value: installs }],
  };
}

function versionView({ publisher, name, version, targetPlatform, state, at }: SimulatedVersion) {
  const assetUri = `${CDN}/extensions/${publisher}/${name}/${version}/${at}`;
  return {
    version,
    ...(targetPlatform === 'universal' ? {} : { targetPlatform }),
    flags: state === 'active' || state === 'locked' ? VALIDATED : 0,
    lastUpdated: new Date(at).toISOString(),
    ...(state === 'rejected' ? { validationResultMessage: 'Suspicious content was found in the package.' } : {}),
    assetUri,
    fallbackAssetUri: assetUri,
    files: [
      {
        assetType: 'Microsoft.VisualStudio.Services.VSIXPackage',
        source: `${assetUri}/Microsoft.VisualStudio.Services.VSIXPackage`,
      },
    ],
  };
}
