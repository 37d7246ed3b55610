import type { ModuleFacts, Origin, Piece } from './facts';
import { loadedBeside } from './loaded';
import type { SpotKind } from './piece';
import { lookUp, type Resolution, type Target } from './resolution';
import type { RouteFile } from './routes';

/** What is known of an app's modules: where their imports lead, and what has been read of them. */
export interface Modules {
  ways: Resolution;
  facts: ReadonlyMap<string, ModuleFacts>;
}

/** Something that a route leads to, and where it stands. */
export interface Place {
  /** The first route that leads there. */
  route: RouteFile;
  file: string;
  line: number;
  /** In code that is sent to the browser. */
  client: boolean;
  /** `use`: of Next; `lost`: an import that leads to nothing that is known. */
  what: { is: 'use'; from: string; name: string } | { is: 'lost'; specifier: string; why: string } | { is: SpotKind };
}

interface Step {
  route: RouteFile;
  file: string;
  /** Exported name; `*` for all, and for what runs as soon as the module is loaded. */
  name: string;
  client: boolean;
}

/** What other packages do is not looked into. */
const NEXT = /^next\//;
/** An app may be made so that there is no end of imports. */
const MAX_STEPS = 300_000;
/** Of one kind; the first ones show what is wrong. */
const MAX_PLACES = 300;

/**
 * Follows what routes use, export by export, as a bundler that drops what nobody uses does: a file that no route needs is
 * not held against the app. Each export is looked at once, however many routes lead to it. What has not been read waits
 * until it has.
 */
export class Walk {
  readonly places: Place[] = [];
  /** Every file that it leads to. */
  readonly seen = new Set<string>();
  readonly #modules: Modules;
  readonly #waiting = new Map<string, Step[]>();
  readonly #done = new Map<string, Set<string>>();
  readonly #pieces = { server: new Set<Piece>(), client: new Set<Piece>() };
  readonly #found = new Map<string, Map<string, Target>>();
  readonly #count = new Map<string, number>();
  /** Not a recursion: how long a chain of names is costs no stack. */
  readonly #open: (() => void)[] = [];
  #left = MAX_STEPS;

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  /** False where there was more than is followed. */
  get isComplete(): boolean {
    return this.#left > 0;
  }

  /** Modules that have to be read before the rest is known: what is used first, then what is only loaded along with it. */
  get wanted(): string[] {
    return this.#waiting.size > 0 ? [...this.#waiting.keys()] : this.beside().wanted;
  }

  /** What is loaded along with what is used. */
  beside(): ReturnType<typeof loadedBeside> {
    const targetOf = (specifier: string, importer: string) => this.#targetOf(specifier, importer);
    const { facts, ways } = this.#modules;
    return loadedBeside({ facts, targetOf, keepsImports: ways.keepsImports }, this.seen);
  }

  go(routes: readonly RouteFile[]): void {
    for (const route of routes) this.#run({ route, file: route.file, name: '*', client: false });
  }

  /** Goes on where something has been read meanwhile. */
  resume(): void {
    for (const [file, steps] of [...this.#waiting]) {
      if (!this.#modules.facts.has(file)) continue;
      this.#waiting.delete(file);
      for (const step of steps) this.#run(step, true);
    }
  }

  #run(first: Step, again = false): void {
    this.#open.push(() => this.#take(first, again));
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      if (this.#left-- <= 0) this.#open.length = 0;
      else next();
    }
  }

  /** Each export of each module once, on the server's side and on the browser's. */
  #isNew(kind: string, { file, name, client }: Step): boolean {
    const done = this.#done.get(file) ?? new Set();
    this.#done.set(file, done);
    const key = `${client ? 1 : 0}${kind}${name}`;
    if (done.has(key)) return false;
    done.add(key);
    return true;
  }

  #take(step: Step, again: boolean): void {
    if (!this.#isNew('x', step) && !again) return;
    const facts = this.#modules.facts.get(step.file);
    this.seen.add(step.file);
    if (!facts) {
      this.#waiting.set(step.file, [...(this.#waiting.get(step.file) ?? []), step]);
      return;
    }
    const here = { ...step, client: step.client || facts.client };
    if (facts.serverFile !== null) {
      // What an action does when it is called happens on a server anyway.
      this.#place(here, facts.serverFile, { is: 'actions' });
      return;
    }
    this.#effects(here, facts);
    if (step.name === '*') this.#everything(here, facts);
    else this.#export(here, facts);
  }

  /** What runs because the module is loaded at all. */
  #effects(step: Step, facts: ModuleFacts): void {
    if (!this.#isNew('e', { ...step, name: '' })) return;
    for (const from of facts.effects) this.#follow(step, { from, name: '*' }, 1);
    for (const piece of facts.running) this.#piece(step, facts, piece);
  }

  #everything(step: Step, facts: ModuleFacts): void {
    for (const name of facts.exports.keys()) this.#open.push(() => this.#take({ ...step, name }, false));
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
    const done = step.client ? this.#pieces.client : this.#pieces.server;
    if (done.has(piece)) return;
    done.add(piece);
    for (const [is, lines] of Object.entries(piece.spots) as [SpotKind, readonly number[]][])
      for (const line of lines) this.#place(step, line, { is });
    for (const from of piece.loads) this.#follow(step, { from, name: '*' }, 1);
    for (const [name, line] of piece.uses) this.#local(step, facts, name, line);
  }

  #follow(step: Step, { from, name }: Origin, line: number): void {
    this.#left -= 1;
    const { route, file, client } = step;
    const target = this.#targetOf(from, file);
    if (target.is === 'file') this.#open.push(() => this.#take({ route, file: target.file, name, client }, false));
    if (target.is === 'lost') this.#place(step, line, { is: 'lost', specifier: from, why: target.why });
    if (target.is === 'package' && NEXT.test(from)) this.#place(step, line, { is: 'use', from, name });
  }

  #place({ route, file, client }: Step, line: number, what: Place['what']): void {
    const kind = what.is === 'use' ? `${what.from} ${what.name}` : what.is;
    const count = (this.#count.get(kind) ?? 0) + 1;
    this.#count.set(kind, count);
    if (count <= MAX_PLACES) this.places.push({ route, file, line, client, what });
  }

  #targetOf(specifier: string, importer: string): Target {
    const known = this.#found.get(importer) ?? new Map<string, Target>();
    this.#found.set(importer, known);
    const target = known.get(specifier) ?? lookUp(specifier, importer, this.#modules.ways);
    known.set(specifier, target);
    return target;
  }
}
