import type { ModuleFacts, Piece } from './facts';
import type { Modules } from './reach';
import { lookUp } from './resolution';

/** Where an export of a file is declared in the end, through files that hand it on. */
export type Export =
  | { is: 'none' }
  /** `name`: as that file exports it. */
  | { is: 'here'; file: string; name: string; local: string; line: number; facts: ModuleFacts }
  /** It leads to what is not known: a package, a file that was not read. */
  | { is: 'unclear'; file: string; line: number };

const MAX_STEPS = 2_000;

interface Look {
  file: string;
  name: string;
  /** Who leads here, by name or with all that a file exports. */
  by: { file: string; line: number; isNamed: boolean };
}

export function findExport(file: string, name: string, modules: Modules): Export {
  const seen = new Set<string>();
  const open: Look[] = [{ file, name, by: { file, line: 1, isNamed: true } }];
  let unclear: Export = { is: 'none' };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const key = `${next.file}\n${next.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const facts = seen.size > MAX_STEPS ? undefined : modules.facts.get(next.file);
    const found = facts && here(next, facts);
    if (found) return found;
    const ways = facts ? waysOn(next, facts, modules) : [null];
    for (const way of ways) {
      if (way) open.push(way);
      else if (next.by.isNamed) unclear = { is: 'unclear', file: next.by.file, line: next.by.line };
    }
  }
  return unclear;
}

function here({ file, name }: Look, facts: ModuleFacts): Export | null {
  const to = facts.exports.get(name);
  if (!to || !('local' in to) || facts.imports.has(to.local)) return null;
  return { is: 'here', file, name, local: to.local, line: facts.lines.get(name) ?? 1, facts };
}

/** Where it is handed on from; null for something that is not known. */
function waysOn({ file, name, by }: Look, facts: ModuleFacts, modules: Modules): (Look | null)[] {
  const to = facts.exports.get(name);
  const origin = to && 'local' in to ? facts.imports.get(to.local) : to;
  const ways = origin ? [origin] : name === 'default' ? [] : facts.stars.map((from) => ({ from, name }));
  return ways.flatMap(({ from, name: handed }) => {
    const target = lookUp(from, file, modules.ways);
    const next = { file, line: facts.lines.get(name) ?? by.line, isNamed: origin !== undefined };
    if (target.is === 'file' && handed !== '*') return [{ file: target.file, name: handed, by: next }];
    // What a star hands on is told of once for all names.
    return origin ? [null] : [];
  });
}

/** Where a file hands on everything of something that is not known, so that it may export anything; null where it does not. */
export function opaqueStar(file: string, modules: Modules): { file: string; from: string } | null {
  const seen = new Set<string>([file]);
  const open = [file];
  for (let at = open.pop(); at !== undefined && seen.size < MAX_STEPS; at = open.pop()) {
    for (const from of modules.facts.get(at)?.stars ?? []) {
      const target = lookUp(from, at, modules.ways);
      if (target.is !== 'file') return { file: at, from };
      if (!seen.has(target.file)) open.push(target.file);
      seen.add(target.file);
    }
  }
  return null;
}

/** What a name of a file stands for, in it or where it is imported from; null where that is not known. */
export function pieceNamed(file: string, name: string, modules: Modules): { file: string; piece: Piece } | null {
  const facts = modules.facts.get(file);
  const imported = facts?.imports.get(name);
  const own = imported ? undefined : facts?.pieces.get(name);
  if (own) return { file, piece: own };
  const target = imported && lookUp(imported.from, file, modules.ways);
  if (target?.is !== 'file' || imported === undefined) return null;
  const found = findExport(target.file, imported.name, modules);
  const piece = found.is === 'here' ? found.facts.pieces.get(found.local) : undefined;
  return found.is === 'here' && piece ? { file: found.file, piece } : null;
}
