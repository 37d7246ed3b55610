import type { PackagedFile } from './package';
import type { ListChange, PackageContents, PackageDifference } from './view';

/** One side of a comparison. */
export interface Compared {
  engine: string;
  prerelease: boolean;
  targetPlatform: string;
  size: number;
  contents: PackageContents;
  files: readonly PackagedFile[];
}

/** So many paths of each kind are named. */
const NAMED = 100;

function changeOf(from: readonly string[], to: readonly string[]): ListChange {
  const [before, after] = [new Set(from), new Set(to)];
  return {
    added: [...after].filter((each) => !before.has(each)).sort(),
    removed: [...before].filter((each) => !after.has(each)).sort(),
  };
}

const unlessSame = <T>(from: T, to: T) => (from === to ? null : { from, to });

function folderChanges(from: Compared, to: Compared): PackageDifference['folders'] {
  const before = new Map(from.contents.folders.map(({ path, size }) => [path, size]));
  const after = new Map(to.contents.folders.map(({ path, size }) => [path, size]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((path) => ({ path, from: before.get(path) ?? 0, to: after.get(path) ?? 0 }))
    .filter((each) => each.from !== each.to)
    .sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from));
}

type Content = Pick<PackagedFile, 'packed' | 'crc32'>;

/** By the checksum; where one side has none, by how far it could be packed. */
function sameContent(from: Content, to: Content): boolean {
  const known = from.crc32 !== undefined && to.crc32 !== undefined;
  return known ? from.crc32 === to.crc32 : from.packed === to.packed;
}

function fileChanges(from: readonly PackagedFile[], to: readonly PackagedFile[]): PackageDifference['files'] {
  const before = new Map(from.map((file) => [file.path, file]));
  const { added, removed } = changeOf(
    [...before.keys()],
    to.map(({ path }) => path),
  );
  const changed = to
    .filter(({ path, size, packed, crc32 }) => {
      const earlier = before.get(path);
      return earlier && (earlier.size !== size || !sameContent(earlier, { packed, crc32 }));
    })
    .map(({ path }) => path)
    .sort();
  const kept = [added, removed, changed].map((list) => list.slice(0, NAMED)) as [string[], string[], string[]];
  const more = added.length + removed.length + changed.length - kept.reduce((sum, list) => sum + list.length, 0);
  return { added: kept[0], removed: kept[1], changed: kept[2], more };
}

const kindsOf = ({ contributes }: PackageContents) => contributes.map(({ kind, count }) => `${kind} (${count})`);

/** What changed from one package to another. A file counts as the same by its size and checksum, or by its sizes where a side has no checksum. */
export function differenceOf(from: Compared, to: Compared): PackageDifference {
  const lists = (pick: (contents: PackageContents) => string[]) => changeOf(pick(from.contents), pick(to.contents));
  return {
    engine: unlessSame(from.engine, to.engine),
    prerelease: unlessSame(from.prerelease, to.prerelease),
    targetPlatform: unlessSame(from.targetPlatform, to.targetPlatform),
    size: { from: from.size, to: to.size },
    activationEvents: lists(({ activationEvents }) => activationEvents),
    commands: lists(({ commands }) => commands.map(({ command, title }) => `${command}: ${title}`)),
    contributes: lists(kindsOf),
    dependencies: lists(({ dependencies }) => dependencies),
    proposedApi: lists(({ proposedApi }) => proposedApi),
    capabilities: lists(({ capabilities }) => capabilities),
    folders: folderChanges(from, to),
    files: fileChanges(from.files, to.files),
  };
}
