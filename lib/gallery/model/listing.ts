import { isPlaceholder } from '../../extensions/model/localised';
import type { PackageManifest } from '../../extensions/model/manifest';

/** What the gallery says of a version beside its name: taken from package.json when it is published, then unchanged. */
export interface Listing {
  displayName: string;
  description: string;
  categories: string[];
  tags: string[];
  /** `engines.vscode`. */
  engine: string;
  /** Bytes. */
  size: number;
  preview: boolean;
  license: string | null;
  dependencies: string[];
  pack: string[];
  /** `extensionKind`, as written. */
  kinds: string[];
  /** Proposed APIs that it asks for. */
  proposals: string[];
  /** It runs code of its own, in the desktop or in a browser. */
  runsCode: boolean;
  /** It has code for a browser. */
  web: boolean;
  /** Paths in the package of what is shown; null = it has none. */
  readme: string | null;
  changelog: string | null;
  licenseFile: string | null;
  icon: string | null;
}

const TAG_LIMIT = 30;
const line = (text: string | undefined, limit: number): string =>
  (text ?? '').replace(/\s+/g, ' ').trim().slice(0, limit);
/** A package that was taken in before its words were looked up goes by its name. */
const wordsOf = (text: string | undefined) => (isPlaceholder(text) ? '' : text);
const list = (words: readonly string[], count: number): string[] =>
  [...new Set(words.map((word) => line(word, 100)).filter(Boolean))].slice(0, count);

function pathLike(paths: readonly string[], pattern: RegExp): string | null {
  return paths.find((path) => pattern.test(path)) ?? null;
}

/** `paths`: of the files in the package; `icon`: what package.json names, from its folder. */
export function listingOf(
  manifest: PackageManifest,
  paths: readonly string[],
  facts: { size: number; engine: string },
): Listing {
  const icon = manifest.icon ? `extension/${manifest.icon.replace(/^\.?\//, '')}` : null;
  return {
    displayName: line(wordsOf(manifest.displayName), 200) || manifest.name,
    description: line(wordsOf(manifest.description), 1_000),
    categories: list(manifest.categories, 20),
    tags: list(manifest.keywords, TAG_LIMIT),
    engine: facts.engine,
    size: facts.size,
    preview: manifest.preview ?? false,
    license: line(manifest.license, 200) || null,
    dependencies: list(manifest.extensionDependencies, 100),
    pack: list(manifest.extensionPack, 100),
    kinds: list(manifest.extensionKind, 5),
    proposals: list(manifest.enabledApiProposals, 50),
    runsCode: manifest.main !== undefined || manifest.browser !== undefined,
    web: manifest.browser !== undefined,
    readme: pathLike(paths, /^extension\/readme(?:\.(?:md|txt))?$/i),
    changelog: pathLike(paths, /^extension\/changelog(?:\.(?:md|txt))?$/i),
    licenseFile: pathLike(paths, /^extension\/licen[sc]e(?:\.(?:md|txt))?$/i),
    icon: icon !== null && paths.includes(icon) && /\.png$/i.test(icon) ? icon : null,
  };
}

/** `1.10.0` after `1.9.0` when compared as text. `version` is three numbers. */
export function sortKeyOf(version: string): string {
  return version
    .split('.')
    .map((part) => part.padStart(10, '0'))
    .join('.');
}
