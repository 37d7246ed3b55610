import { ok } from './replies';
import type { SimulatedVersion, State } from './state';

/** `ExtensionJson`, as far as anybody here reads it. */
export function extensionView(origin: string, each: SimulatedVersion) {
  const { publisher: namespace, name, version, targetPlatform, downloads, prerelease } = each;
  const path = `${origin}/api/${namespace}/${name}/${targetPlatform}/${version}`;
  return {
    ...{ namespace, name, version, targetPlatform, preRelease: prerelease, downloadCount: downloads },
    ...{ downloadable: true, verified: true, url: path, timestamp: new Date(each.at).toISOString() },
    files: {
      download: `${path}/file/${namespace}.${name}-${version}.vsix`,
      sha256: `${path}/file/${namespace}.${name}-${version}.sha256`,
    },
  };
}

interface Query {
  filters?: { criteria?: { filterType: number; value: string }[] }[];
}

/** What a VS Code client is told: versions that are active, and where their package is. */
export function clientView(origin: string, state: State, query: Query): Response {
  const wanted = query.filters?.[0]?.criteria?.find(({ filterType }) => filterType === 7)?.value.toLowerCase();
  const shown = state
    .versions()
    .filter((each) => each.state === 'active' && `${each.publisher}.${each.name}`.toLowerCase() === wanted)
    .reverse();
  const [first] = shown;
  const extensions = first
    ? [
        {
          extensionName: first.name,
          publisher: { publisherName: first.publisher, displayName: first.publisher },
          versions: shown.map((each) => versionView(origin, each)),
        },
      ]
    : [];
  return ok({ results: [{ extensions }] });
}

function versionView(origin: string, { publisher, name, version, targetPlatform }: SimulatedVersion) {
  const source = `${origin}/vscode/asset/${publisher}/${name}/${version}/Microsoft.VisualStudio.Services.VSIXPackage?targetPlatform=${targetPlatform}`;
  const platform = targetPlatform === 'universal' ? {} : { targetPlatform };
  return { version, ...platform, files: [{ assetType: 'Microsoft.VisualStudio.Services.VSIXPackage', source }] };
}
