import { type Answers, summaryOf } from './answers';
import { handOn } from './common-js';
import { evaluate, type Scope, scopeOf } from './constant';
import { type PieceFacts, pieceFacts } from './piece';
import { sharingIn } from './sharing';
import {
  boundBy,
  constantsIn,
  directivesOf,
  lineOf,
  type Misread,
  type Node,
  nameOf,
  parseModule,
  part,
  parts,
  unwrapped,
} from './syntax';

/** Where an imported name comes from; `*` is everything of that module. */
export interface Origin {
  from: string;
  name: string;
}

/** Something at the top of a module: a declaration, or a statement that just runs. */
export type Piece = PieceFacts;

/** What one module is and uses, as far as its text says. */
export interface ModuleFacts {
  misread: Misread | null;
  client: boolean;
  /** Where the whole file is `use server`. */
  serverFile: number | null;
  /** Local name → where it comes from. */
  imports: ReadonlyMap<string, Origin>;
  /** Modules that are run for their effects alone. */
  effects: readonly string[];
  /** Exported name → a name of this module, or of another. */
  exports: ReadonlyMap<string, { local: string } | Origin>;
  /** `export * from`. */
  stars: readonly string[];
  /** Modules that are loaded along with it, whether it uses them or not, and where it says so. */
  beside: ReadonlyMap<string, number>;
  /** Those of them that a compiler of TypeScript drops, unless it is told to keep imports as they are written. */
  dropped: readonly string[];
  /** What runs as soon as the module is loaded. */
  running: readonly Piece[];
  /** By each name that is declared. */
  pieces: ReadonlyMap<string, Piece>;
  /** Values of exported constants that Next reads, such as `dynamic`; those that are no plain constant are left out. */
  values: ReadonlyMap<string, string | number | boolean | null | undefined>;
  /** What exported functions that Next calls may answer. */
  answers: ReadonlyMap<string, Answers>;
  /** Where CommonJS exports are made in a way that is not followed. */
  unclearExports: number | null;
  /** Lines of exported names. */
  lines: ReadonlyMap<string, number>;
}

export type FactsDraft = {
  -readonly [K in keyof ModuleFacts]: ModuleFacts[K] extends ReadonlyMap<infer A, infer B>
    ? Map<A, B>
    : ModuleFacts[K] extends readonly (infer E)[]
      ? E[]
      : ModuleFacts[K];
};

/** What Next reads of a route file without running it, and what it calls to make pages. */
const SETTINGS = ['dynamic', 'dynamicParams', 'revalidate', 'fetchCache', 'runtime'];
const CALLED = ['generateStaticParams', 'getStaticProps', 'getStaticPaths'];

const TYPESCRIPT = /\.[cm]?tsx?$/;
const CODE = /\.[cm]?[jt]sx?$/;
const NO_CODE = {
  program: null,
  misread: { sentence: 'It is neither JavaScript nor TypeScript, so what it uses was not looked at.', line: null },
};

/** Never throws; `misread` says what kept it from being understood. */
export function moduleFacts(path: string, text: string): ModuleFacts {
  const { program, misread } = CODE.test(path) ? parseModule(path, text) : NO_CODE;
  const facts: FactsDraft = {
    ...{ misread, client: false, serverFile: null, imports: new Map(), effects: [], exports: new Map() },
    ...{ stars: [], beside: new Map(), dropped: [], running: [], pieces: new Map(), values: new Map() },
    ...{ answers: new Map(), lines: new Map(), unclearExports: null },
  };
  if (!program) return facts;
  for (const { text: said, line } of directivesOf(program)) {
    if (said === 'use client') facts.client = true;
    if (said === 'use server') facts.serverFile = line;
  }
  const statements = parts(program, 'body');
  const scope = scopeOf(steadyIn(statements), {});
  const taking = new Taking(facts, scope, TYPESCRIPT.test(path));
  for (const statement of statements) taking.statement(statement);
  takeValues(facts, scope);
  // `use cache` at the top is of everything in the file.
  const whole = pieceFacts({ type: 'BlockStatement', body: [], directives: program.directives }, scope);
  if (whole.spots.caches.length + whole.spots.privateCaches.length > 0) facts.running.push(whole);
  for (const each of new Set([...facts.running, ...facts.pieces.values()])) forgetOthers(facts, each);
  if (TYPESCRIPT.test(path)) facts.dropped = unusedIn(facts, statements);
  return facts;
}

/** Imports of names that no code mentions. */
function unusedIn(facts: FactsDraft, statements: readonly Node[]): string[] {
  const pieces = [...facts.running, ...facts.pieces.values()];
  const used = new Set(pieces.flatMap(({ uses }) => [...uses.keys()]));
  for (const to of facts.exports.values()) if ('local' in to) used.add(to.local);
  const kept = new Set(
    statements.flatMap((each) =>
      each.type === 'ImportDeclaration' || !loadsIt(each) ? [] : (specifierOf(each) ?? []),
    ),
  );
  for (const from of [...facts.effects, ...pieces.flatMap(({ loads }) => loads)]) kept.add(from);
  for (const [name, { from }] of facts.imports) if (used.has(name)) kept.add(from);
  return [...facts.beside.keys()].filter((from) => !kept.has(from));
}

function specifierOf(node: Node): string | null {
  const source = part(node, 'source');
  return source ? nameOf(source) : null;
}

/** Constants, without the lists and objects that something fills or changes before they are read. */
function steadyIn(statements: readonly Node[]): Map<string, Node> {
  const names = constantsIn(statements);
  const held = [...names].filter(([, { type }]) => /^(Array|Object)Expression$/.test(type));
  if (held.length === 0) return names;
  const { assigned, handed } = sharingIn([{ type: 'FunctionExpression', body: { type: 'Program', body: statements } }]);
  for (const [name, { type }] of held)
    if (assigned.has(name) || (handed.has(name) && type === 'ArrayExpression')) names.delete(name);
  return names;
}

/** Names of no import and no piece lead nowhere. */
function forgetOthers({ imports, pieces }: FactsDraft, { uses }: Piece): void {
  for (const name of uses.keys())
    if (!imports.has(name) && !pieces.has(name)) (uses as Map<string, number>).delete(name);
}

/** How much memory it takes, roughly: in names and places that it holds. */
export function weightOf({ imports, exports, pieces, running, stars, beside, dropped }: ModuleFacts): number {
  let weight = 10 + imports.size + exports.size * 2 + stars.length + beside.size + dropped.length;
  for (const { uses, loads } of new Set([...running, ...pieces.values()])) weight += 4 + uses.size + loads.length;
  return weight;
}

class Taking {
  readonly #facts: FactsDraft;
  readonly #scope: Scope;
  readonly #typed: boolean;

  constructor(facts: FactsDraft, scope: Scope, typed: boolean) {
    this.#facts = facts;
    this.#scope = scope;
    this.#typed = typed;
  }

  statement(node: Node): void {
    if (node.importKind === 'type' || node.exportKind === 'type') return;
    const from = specifierOf(node);
    if (from !== null && (loadsIt(node) || this.#typed)) this.#beside(from, node);
    switch (node.type) {
      case 'ImportDeclaration':
        this.#import(node, from ?? '');
        return;
      case 'TSImportEqualsDeclaration':
        this.#importEquals(node);
        return;
      case 'ExportAllDeclaration':
        this.#facts.stars.push(from ?? '');
        return;
      case 'ExportNamedDeclaration':
        if (from === null) this.#export(node);
        else this.#forward(node, from);
        return;
      case 'ExportDefaultDeclaration':
        this.#default(node);
        return;
      default:
        this.#piece(node, declaredBy(node));
        this.#again(node);
    }
  }

  /** `Page = …`: what the name was declared with is not what is exported. */
  #again(node: Node): void {
    const set = node.type === 'ExpressionStatement' ? part(node, 'expression') : null;
    const name = set?.type === 'AssignmentExpression' ? nameOf(part(set, 'left')) : '';
    const piece = this.#facts.pieces.get(name);
    if (piece) this.#facts.pieces.set(name, { ...piece, param: null, given: [] });
    if (node.type === 'ExpressionStatement') handOn(this.#facts, this.#scope, node);
  }

  #import(node: Node, from: string): void {
    const specifiers = parts(node, 'specifiers');
    if (specifiers.length === 0) this.#facts.effects.push(from);
    for (const each of specifiers) {
      if (each.importKind === 'type') continue;
      const imported = part(each, 'imported');
      const name = imported ? nameOf(imported) : each.type === 'ImportNamespaceSpecifier' ? '*' : 'default';
      this.#facts.imports.set(nameOf(part(each, 'local')), { from, name });
    }
  }

  /** `import a = require('b')` */
  #importEquals(node: Node): void {
    const reference = part(node, 'moduleReference');
    const name = nameOf(part(node, 'id'));
    if (reference?.type !== 'TSExternalModuleReference') this.#piece(node, [name]);
    else this.#facts.imports.set(name, { from: nameOf(part(reference, 'expression')), name: '*' });
    if (node.isExport === true) this.#add(name, { local: name }, node);
  }

  #export(node: Node): void {
    const declaration = part(node, 'declaration');
    if (declaration?.type === 'TSImportEqualsDeclaration') this.#importEquals({ ...declaration, isExport: true });
    else if (declaration) {
      const names = declaredBy(declaration);
      this.#piece(declaration, names);
      for (const name of names) this.#add(name, { local: name }, declaration);
    }
    for (const each of parts(node, 'specifiers')) {
      if (each.exportKind === 'type') continue;
      this.#add(nameOf(part(each, 'exported')), { local: nameOf(part(each, 'local')) }, each);
    }
  }

  #forward(node: Node, from: string): void {
    for (const each of parts(node, 'specifiers')) {
      if (each.exportKind === 'type') continue;
      const local = part(each, 'local');
      this.#add(nameOf(part(each, 'exported')), { from, name: local ? nameOf(local) : '*' }, each);
    }
  }

  #default(node: Node): void {
    const declaration = unwrapped(part(node, 'declaration'));
    if (!declaration) return;
    const isName = declaration.type === 'Identifier';
    const name = isName ? nameOf(declaration) : nameOf(part(declaration, 'id')) || 'default';
    if (!isName) this.#piece(declaration, [name]);
    this.#add('default', { local: name }, node);
  }

  #add(name: string, to: { local: string } | Origin, at: Node): void {
    this.#facts.exports.set(name, to);
    this.#facts.lines.set(name, lineOf(at));
  }

  #beside(from: string, node: Node): void {
    if (!this.#facts.beside.has(from)) this.#facts.beside.set(from, lineOf(node));
  }

  #piece(node: Node, names: readonly string[]): void {
    const piece = pieceFacts(node, this.#scope);
    for (const from of piece.loads) this.#beside(from, node);
    if (names.length === 0) this.#facts.running.push(piece);
    for (const name of names) this.#facts.pieces.set(name, piece);
  }
}

/** It takes something that is no type, or nothing by name. */
function loadsIt(node: Node): boolean {
  const specifiers = parts(node, 'specifiers');
  return specifiers.length === 0 || specifiers.some((each) => each.importKind !== 'type' && each.exportKind !== 'type');
}

/** The names that a statement declares; none for one that only runs. */
function declaredBy(node: Node): string[] {
  if (/^(Function|Class|TSEnum)Declaration$/.test(node.type)) return [nameOf(part(node, 'id'))];
  if (node.type === 'TSModuleDeclaration') return [nameOf(part(node, 'id'))];
  return parts(node, 'declarations').flatMap((each) => boundBy(part(each, 'id')));
}

function takeValues(facts: FactsDraft, scope: Scope): void {
  for (const [name, to] of facts.exports) {
    const node = 'local' in to ? scope.names.get(to.local) : undefined;
    if (node === undefined) continue;
    const value = SETTINGS.includes(name) || CALLED.includes(name) ? evaluate(node as Node, scope) : null;
    if (value?.kind === 'literal' && SETTINGS.includes(name)) facts.values.set(name, value.value);
    if (value?.kind === 'function' && CALLED.includes(name)) facts.answers.set(name, summaryOf(value.node, scope));
  }
}
