import { evaluate, isEmptyList, type Scope, truth } from './constant';
import { type Param, paramOf } from './param';
import { directivesOf, lineOf, type Node, nameOf, namesIn, part, parts, walk } from './syntax';

/** What a piece of a module uses and does. Lines are of the file, from 1. */
export interface PieceFacts {
  /** Every name of its module that it uses → the line of its first use. */
  uses: ReadonlyMap<string, number>;
  /** Modules that it loads while it runs: `import('…')`, `require('…')`. */
  loads: readonly string[];
  /** Where something happens that counts, by what it is. */
  spots: Readonly<Record<SpotKind, readonly number[]>>;
  /** Null where it is no function that can be seen. */
  param: Param | null;
  /** Names handed to the call that makes it: `wrap(Page)`. */
  given: readonly string[];
}

/**
 * `actions`: a function is `use server`. `privateCaches`: one is `use cache: private`; `caches`: any other `use cache`. `uncached`:
 * a request that must never be kept; `uncachedPerhaps`: one whose options are not known; `keptAWhile`: one that is made anew after
 * a time or on demand. `unclear`: a module is loaded whose name is not known. `initialProps`: `getInitialProps` is set.
 */
export type SpotKind = keyof typeof NONE;

/** More places of one kind in one piece are not kept: the first ones show what is wrong. */
const MAX_SPOTS = 20;

const NONE = {
  ...{ actions: [], privateCaches: [], caches: [], uncached: [], uncachedPerhaps: [], keptAWhile: [] },
  ...{ unclear: [], initialProps: [] },
};
const NO_SPOTS: PieceFacts['spots'] = NONE;
const NO_NAMES: readonly string[] = [];

/** Of a statement at the top of a module, with everything in it. `scope`: the constants of that module. */
export function pieceFacts(root: Node, scope: Scope): PieceFacts {
  const reading = new Reading(scope);
  walk(root, (node) => reading.enter(node));
  return { ...reading.facts(), param: paramOf(root), given: givenTo(root) };
}

class Reading {
  readonly #scope: Scope;
  readonly #uses = new Map<string, number>();
  readonly #loads = new Set<string>();
  #spots: Partial<Record<SpotKind, number[]>> = {};
  /** How many functions and blocks around have a name of their own by that name. */
  readonly #bound = new Map<string, number>();

  constructor(scope: Scope) {
    this.#scope = { ...scope, shadows: (name) => this.#isBound(name) };
  }

  facts() {
    const spots = Object.keys(this.#spots).length === 0 ? NO_SPOTS : { ...NO_SPOTS, ...this.#spots };
    return { uses: this.#uses, loads: this.#loads.size === 0 ? NO_NAMES : [...this.#loads], spots };
  }

  enter(node: Node): boolean | (() => void) {
    switch (node.type) {
      case 'Identifier':
      case 'JSXIdentifier':
        this.#name(node);
        return true;
      case 'ImportExpression':
        this.#load(node, part(node, 'source'));
        return true;
      case 'CallExpression':
      case 'OptionalCallExpression':
        this.#call(node);
        return true;
      case 'NewExpression':
        if (nameOf(part(node, 'callee')) === 'Request') this.#request(node);
        return true;
      case 'TSImportEqualsDeclaration':
        this.#leftmost(part(node, 'moduleReference'));
        return false;
      case 'BlockStatement':
        this.#directives(node);
        return this.#within(namesIn(node));
      case 'AssignmentExpression':
        this.#initialProps(part(part(node, 'left'), 'property'));
        return true;
      default:
        if (node.static === true) this.#initialProps(part(node, 'key'));
        return this.#within(namesIn(node));
    }
  }

  #within(names: readonly string[]): boolean | (() => void) {
    if (names.length === 0) return true;
    for (const name of names) this.#bound.set(name, (this.#bound.get(name) ?? 0) + 1);
    return () => {
      for (const name of names) this.#bound.set(name, (this.#bound.get(name) ?? 1) - 1);
    };
  }

  #isBound(name: string): boolean {
    return (this.#bound.get(name) ?? 0) > 0;
  }

  #name(node: Node): void {
    const name = nameOf(node);
    if (this.#isBound(name)) return;
    const before = this.#uses.get(name);
    if (before === undefined || lineOf(node) < before) this.#uses.set(name, lineOf(node));
  }

  #leftmost(node: Node | null): void {
    let inner = node;
    while (inner?.type === 'TSQualifiedName') inner = part(inner, 'left');
    if (inner?.type === 'Identifier') this.#name(inner);
  }

  #spot(kind: SpotKind, node: Node): void {
    const lines = this.#spots[kind] ?? [];
    this.#spots[kind] = lines;
    if (lines.length < MAX_SPOTS && !lines.includes(lineOf(node))) lines.push(lineOf(node));
  }

  #initialProps(key: Node | null): void {
    if (key && nameOf(key) === 'getInitialProps') this.#spot('initialProps', key);
  }

  #load(at: Node, source: Node | null): void {
    const value = evaluate(source, this.#scope);
    if (value.kind === 'literal' && typeof value.value === 'string') this.#loads.add(value.value);
    else this.#spot('unclear', at);
  }

  #call(node: Node): void {
    const callee = part(node, 'callee');
    const [first = null] = parts(node, 'arguments');
    const owner = nameOf(part(callee, 'object'));
    const called = nameOf(callee) || nameOf(part(callee, 'property'));
    if (callee?.type === 'Import') this.#load(node, first);
    else if (nameOf(callee) === 'require' && !this.#isBound('require')) this.#load(node, first);
    // Folders, and whatever `createRequire` makes.
    else if (called === 'createRequire' || (owner === 'require' && called === 'context')) this.#spot('unclear', node);
    if (called === 'fetch' && !this.#isBound('fetch')) this.#request(node);
  }

  /** `{ cache: 'no-store' }` and `{ next: { revalidate: 0 } }`. */
  #request(node: Node): void {
    const second = parts(node, 'arguments')[1];
    const kind = second ? keptHow(second, this.#scope) : null;
    if (kind) this.#spot(kind, node);
  }

  #directives(block: Node): void {
    for (const { text, line } of directivesOf(block)) {
      const at = { type: '', loc: { start: { line } } };
      if (text === 'use server') this.#spot('actions', at);
      if (text === 'use cache: private') this.#spot('privateCaches', at);
      else if (/^use cache\b/.test(text)) this.#spot('caches', at);
    }
  }
}

/** What an export has to know of a request with these options; null where nothing. */
function keptHow(options: Node, scope: Scope): SpotKind | null {
  const value = evaluate(options, scope);
  if (value.kind !== 'object') return value.kind === 'literal' ? null : 'uncachedPerhaps';
  const said = value.fields.cache?.value;
  const next = value.fields.next?.value;
  const within = next?.kind === 'object' ? next : null;
  const [seconds, tags] = [within?.fields.revalidate?.value, within?.fields.tags?.value];
  if (said?.kind === 'literal' && (said.value === 'no-store' || said.value === 'no-cache')) return 'uncached';
  if (seconds?.kind === 'literal' && seconds.value === 0) return 'uncached';
  const unsure = [said, next, seconds].some((each) => each?.kind === 'unknown');
  if (unsure || value.open !== null || (within && within.open !== null)) return 'uncachedPerhaps';
  const isTimed = seconds?.kind === 'literal' && typeof seconds.value === 'number';
  const isTagged = tags !== undefined && !isEmptyList(tags) && truth(tags) !== false;
  return isTimed || isTagged ? 'keptAWhile' : null;
}

/** The names and functions in a call, and in the calls within it. */
function givenTo(root: Node): readonly string[] {
  const [declared = null] = root.type === 'VariableDeclaration' ? parts(root, 'declarations') : [];
  const names: string[] = [];
  const open = [declared ? part(declared, 'init') : root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next?.type !== 'CallExpression') continue;
    for (const each of [part(next, 'callee'), ...parts(next, 'arguments')]) {
      if (each?.type === 'Identifier') names.push(nameOf(each));
      else if (each) open.push(each);
    }
  }
  return names.length === 0 ? NO_NAMES : names.slice(0, MAX_SPOTS);
}
