import { type Alias, fileFor, meantBy } from './aliases';
import type { ModuleFacts, Origin, Piece } from './facts';

/** What is known of an app's modules so far. */
export interface Modules {
  files: ReadonlySet<string>;
  aliases: readonly Alias[];
  facts: ReadonlyMap<string, ModuleFacts>;
  /** Importer and specifier → what it leads to; filled as it is asked. */
  found: Map<string, Target>;
  /** How many more imports are followed: an app may be made so that there is no end of them. */
  steps: { left: number };
}

const MAX_STEPS = 2_000_000;

export function modulesOf(
  files: ReadonlySet<string>,
  aliases: readonly Alias[],
  facts: ReadonlyMap<string, ModuleFacts>,
): Modules {
  return { files, aliases, facts, found: new Map(), steps: { left: MAX_STEPS } };
}

/** A file of the app, one that should be there, a package, or something that holds no code. */
type Target = { is: 'file'; file: string } | { is: 'lost' } | { is: 'package' } | { is: 'no-code' };

/** Something of a package that a route uses, and where. */
export interface Use extends Origin {
  file: string;
  line: number;
  /** In code that is sent to the browser. */
  client: boolean;
}

export interface Spot {
  file: string;
  line: number;
}

/** Everything that entries lead to. */
export interface Reached {
  uses: readonly Use[];
  /** Functions that a browser calls on the server. */
  actions: readonly Spot[];
  caches: readonly Spot[];
  uncached: readonly (Spot & { client: boolean })[];
  /** Modules that have to be read before the rest is known. */
  wanted: ReadonlySet<string>;
  /** Imports that lead to no file that is known. */
  lost: readonly { file: string; specifier: string }[];
  /** Every file that it leads to. */
  seen: ReadonlySet<string>;
}

interface Step {
  file: string;
  /** Exported name; `*` for all, and for what runs as soon as the module is loaded. */
  name: string;
  client: boolean;
}

export const CODE = /\.[cm]?[jt]sx?$/;
const NO_CODE = /\.(css|s[ac]ss|less|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|otf|json|wasm|txt|mp4|webm|pdf)$/i;

/**
 * Follows what entries use, export by export, as a bundler that drops what nobody uses does: a file that another route
 * needs is not held against these.
 */
export function reach(entries: readonly string[], modules: Modules): Reached {
  const walk = new Walk(modules);
  for (const file of entries) walk.go({ file, name: '*', client: false });
  return walk.reached;
}

class Walk {
  readonly reached = {
    ...{
      uses: [] as Use[],
      actions: [] as Spot[],
      caches: [] as Spot[],
      lost: [] as { file: string; specifier: string }[],
    },
    ...{ uncached: [] as (Spot & { client: boolean })[], wanted: new Set<string>(), seen: new Set<string>() },
  };
  readonly #modules: Modules;
  readonly #done = new Set<string>();
  readonly #pieces = { server: new Set<Piece>(), client: new Set<Piece>() };
  /** Not a recursion: how long a chain of names is costs no stack. */
  readonly #open: (() => void)[] = [];

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  go(first: Step): void {
    this.#open.push(() => this.#take(first));
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) next();
  }

  /** Each export of each module once, on the server's side and on the browser's. */
  #isNew(kind: string, { file, name, client }: Step): boolean {
    const key = `${kind}\n${file}\n${name}\n${client}`;
    if (this.#done.has(key)) return false;
    this.#done.add(key);
    return true;
  }

  #take(step: Step): void {
    if (!this.#isNew('export', step)) return;
    const facts = this.#modules.facts.get(step.file);
    this.reached.seen.add(step.file);
    if (!facts) {
      this.reached.wanted.add(step.file);
      return;
    }
    const here = { ...step, client: step.client || facts.client };
    if (facts.serverFile !== null) {
      // What an action does when it is called happens on a server anyway.
      this.reached.actions.push({ file: step.file, line: facts.serverFile });
      return;
    }
    this.#effects(here, facts);
    if (step.name === '*') this.#everything(here, facts);
    else this.#export(here, facts);
  }

  /** What runs because the module is loaded at all. */
  #effects(step: Step, facts: ModuleFacts): void {
    if (!this.#isNew('effects', { ...step, name: '' })) return;
    for (const from of facts.effects) this.#follow(step, { from, name: '*' }, 1);
    for (const piece of facts.running) this.#piece(step, facts, piece);
  }

  #everything(step: Step, facts: ModuleFacts): void {
    for (const name of facts.exports.keys()) this.#open.push(() => this.#take({ ...step, name }));
    for (const from of facts.stars) this.#follow(step, { from, name: '*' }, 1);
  }

  #export(step: Step, facts: ModuleFacts): void {
    const to = facts.exports.get(step.name);
    if (to && 'local' in to) this.#local(step, facts, to.local, facts.lines.get(step.name) ?? 1);
    else if (to) this.#follow(step, to, facts.lines.get(step.name) ?? 1);
    else for (const from of facts.stars) this.#follow(step, { from, name: step.name }, 1);
  }

  #local(step: Step, facts: ModuleFacts, name: string, line: number): void {
    const imported = facts.imports.get(name);
    if (imported) this.#follow(step, imported, line);
    const piece = facts.pieces.get(name);
    if (piece && !imported) this.#open.push(() => this.#piece(step, facts, piece));
  }

  #piece(step: Step, facts: ModuleFacts, piece: Piece): void {
    const { file, client } = step;
    const done = client ? this.#pieces.client : this.#pieces.server;
    if (done.has(piece)) return;
    done.add(piece);
    this.reached.actions.push(...piece.actions.map((line) => ({ file, line })));
    this.reached.caches.push(...piece.caches.map((line) => ({ file, line })));
    this.reached.uncached.push(...piece.uncached.map((line) => ({ file, line, client })));
    for (const from of piece.loads) this.#follow(step, { from, name: '*' }, 1);
    for (const [name, line] of piece.uses) this.#local(step, facts, name, line);
  }

  #follow({ file, client }: Step, { from, name }: Origin, line: number): void {
    if (this.#modules.steps.left-- <= 0) return;
    const target = targetOf(from, file, this.#modules);
    if (target.is === 'file') this.#open.push(() => this.#take({ file: target.file, name, client }));
    if (target.is === 'lost') this.reached.lost.push({ file, specifier: from });
    if (target.is === 'package') this.reached.uses.push({ from, name, file, line, client });
  }
}

function targetOf(specifier: string, importer: string, modules: Modules): Target {
  const key = `${importer}\n${specifier}`;
  const known = modules.found.get(key);
  if (known) return known;
  const target = lookUp(specifier, importer, modules);
  modules.found.set(key, target);
  return target;
}

function lookUp(specifier: string, importer: string, { aliases, files }: Modules): Target {
  const meant = meantBy(specifier, importer, aliases);
  const file = meant?.map((each) => fileFor(each, files)).find((each) => each !== null) ?? null;
  if (NO_CODE.test(file ?? specifier)) return { is: 'no-code' };
  if (file !== null) return { is: 'file', file };
  // A `baseUrl` may mean a package by any name.
  const inside = specifier.startsWith('.') || (meant !== null && !LIKE_A_PACKAGE.test(specifier));
  return { is: inside ? 'lost' : 'package' };
}

const LIKE_A_PACKAGE = /^(@[\w.-]+\/)?[\w.-]+(\/|$)/;
