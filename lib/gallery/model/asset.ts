import type { Listing } from './listing';

export const VSIX_ASSET = 'Microsoft.VisualStudio.Services.VSIXPackage';

/** Asset type → path in the package. https://code.visualstudio.com/api names none; these are what editors ask for. */
const IN_PACKAGE: Readonly<Record<string, (listing: Listing) => string | null>> = {
  'Microsoft.VisualStudio.Code.Manifest': () => 'extension/package.json',
  'Microsoft.VisualStudio.Services.VsixManifest': () => 'extension.vsixmanifest',
  'Microsoft.VisualStudio.Services.Content.Details': ({ readme }) => readme,
  'Microsoft.VisualStudio.Services.Content.Changelog': ({ changelog }) => changelog,
  'Microsoft.VisualStudio.Services.Content.License': ({ licenseFile }) => licenseFile,
  'Microsoft.VisualStudio.Services.Icons.Default': ({ icon }) => icon,
};

/** Null for an asset that is nobody's business, or that this version has not. */
export function pathOfAsset(type: string, listing: Listing): string | null {
  return (Object.hasOwn(IN_PACKAGE, type) ? IN_PACKAGE[type] : undefined)?.(listing) ?? null;
}

export function assetTypes(listing: Listing): string[] {
  return [...Object.keys(IN_PACKAGE).filter((type) => pathOfAsset(type, listing) !== null), VSIX_ASSET];
}

/** The same files as Open VSX names them. */
export const OPEN_VSX_FILES: Readonly<Record<string, string>> = {
  manifest: 'Microsoft.VisualStudio.Code.Manifest',
  vsixmanifest: 'Microsoft.VisualStudio.Services.VsixManifest',
  readme: 'Microsoft.VisualStudio.Services.Content.Details',
  changelog: 'Microsoft.VisualStudio.Services.Content.Changelog',
  license: 'Microsoft.VisualStudio.Services.Content.License',
  icon: 'Microsoft.VisualStudio.Services.Icons.Default',
};
