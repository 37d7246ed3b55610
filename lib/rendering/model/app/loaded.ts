import type { ModuleFacts } from './facts';
import type { Target } from './resolution';

/** Something that is loaded along with what routes use, although they use nothing of it. */
export interface LoadedPlace {
  file: string;
  line: number;
  what: 'actions' | 'image';
}

const IMAGE = /^next\/(legacy\/)?image(\.js)?$/;
/** An app may be made so that there is no end of imports. */
const MOST = 20_000;

interface Known {
  facts: ReadonlyMap<string, ModuleFacts>;
  targetOf(specifier: string, importer: string): Target;
  /** Imports of TypeScript stay as they are written, used or not. */
  keepsImports: boolean;
}

/**
 * The rest of barrels, and imports that nobody uses: a bundler that does not drop them keeps their images and server actions.
 * `seen` is what routes use something of. `wanted` has to be read before the rest is known; `isComplete` is false where there
 * was more than is followed.
 */
export function loadedBeside({ facts, targetOf, keepsImports }: Known, seen: ReadonlySet<string>) {
  const places: LoadedPlace[] = [];
  const wanted: string[] = [];
  const queue = [...seen];
  const known = new Set(seen);
  let left = MOST;
  let isComplete = true;
  for (const file of queue) {
    const module = facts.get(file);
    if (!module) wanted.push(file);
    if (!module) continue;
    if (left <= 0) {
      isComplete = false;
      continue;
    }
    left -= module.beside.size;
    const beside = besideOf(module, keepsImports);
    places.push(...placesIn(file, { ...module, beside }, seen));
    for (const next of filesBeside(file, { ...module, beside }, targetOf)) {
      if (!known.has(next)) queue.push(next);
      known.add(next);
    }
  }
  return { places, wanted, isComplete };
}

function besideOf({ beside, dropped }: ModuleFacts, keepsImports: boolean): ModuleFacts['beside'] {
  if (keepsImports || dropped.length === 0) return beside;
  const gone = new Set(dropped);
  return new Map([...beside].filter(([specifier]) => !gone.has(specifier)));
}

function placesIn(file: string, { serverFile, beside }: ModuleFacts, seen: ReadonlySet<string>): LoadedPlace[] {
  if (serverFile !== null) return seen.has(file) ? [] : [{ file, line: serverFile, what: 'actions' }];
  return [...beside].flatMap(([specifier, line]) => (IMAGE.test(specifier) ? [{ file, line, what: 'image' }] : []));
}

/** What an action needs is a server's, so what such a file loads is not looked at. */
function filesBeside(file: string, { serverFile, beside }: ModuleFacts, targetOf: Known['targetOf']): string[] {
  if (serverFile !== null) return [];
  return [...beside.keys()].flatMap((specifier) => {
    const target = targetOf(specifier, file);
    return target.is === 'file' ? [target.file] : [];
  });
}
