import type { PackageManifest } from './manifest';
import type { PackagedFile } from './package';
import type { FolderSize, PackageContents } from './view';

const shortened = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

function objectsIn(value: unknown): Record<string, unknown>[] {
  const list = Array.isArray(value) ? value : typeof value === 'object' && value !== null ? [value] : [];
  return list.filter((each) => typeof each === 'object' && each !== null) as Record<string, unknown>[];
}

function commandsOf({ contributes }: PackageManifest): PackageContents['commands'] {
  return objectsIn(contributes.commands).flatMap(({ command, title }) => {
    if (typeof command !== 'string') return [];
    const words = typeof title === 'string' ? title : String((title as { value?: unknown } | null)?.value ?? '');
    return [{ command: shortened(command), title: shortened(words) }];
  });
}

function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 1;
}

function capabilitiesOf({ capabilities, extensionKind }: PackageManifest): string[] {
  const said = Object.entries(capabilities).map(([name, value]) => {
    const supported =
      typeof value === 'object' && value !== null ? (value as { supported?: unknown }).supported : value;
    return shortened(`${name}: ${String(supported)}`);
  });
  return [...said, ...extensionKind.map((kind) => shortened(`runs as ${kind}`))].sort();
}

/** Sizes by the first folder below `extension/`, the largest first. */
export function foldersOf(files: readonly PackagedFile[]): FolderSize[] {
  const folders = new Map<string, FolderSize>();
  for (const { path, size, packed } of files) {
    const parts = path.replace(/^extension\//, '').split('/');
    const name = parts.length > 1 ? (parts[0] ?? '.') : '.';
    const folder = folders.get(name) ?? { path: name, files: 0, size: 0, packed: 0 };
    folders.set(name, { ...folder, files: folder.files + 1, size: folder.size + size, packed: folder.packed + packed });
  }
  return [...folders.values()].sort((a, b) => b.size - a.size || a.path.localeCompare(b.path));
}

export function contentsOf(manifest: PackageManifest, files: readonly PackagedFile[]): PackageContents {
  const kinds = Object.entries(manifest.contributes).filter(([kind]) => kind !== 'commands');
  return {
    activationEvents: manifest.activationEvents.map(shortened),
    commands: commandsOf(manifest),
    contributes: kinds.map(([kind, value]) => ({ kind: shortened(kind), count: countOf(value) })),
    dependencies: [...manifest.extensionDependencies, ...manifest.extensionPack].map(shortened),
    proposedApi: manifest.enabledApiProposals.map(shortened),
    capabilities: capabilitiesOf(manifest),
    folders: foldersOf(files),
    files: files.length,
    unpacked: files.reduce((sum, { size }) => sum + size, 0),
  };
}
