import { constantsIn, evaluate, scopeOf, type Value } from './constant';
import { type PieceFacts, pieceFacts } from './piece';
import { directivesOf, isNode, lineOf, type Misread, type Node, nameOf, parseModule, part, parts } from './syntax';

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
  /** What runs as soon as the module is loaded. */
  running: readonly Piece[];
  /** By each name that is declared. */
  pieces: ReadonlyMap<string, Piece>;
  /** Values of exported constants, such as `dynamic` and `revalidate`. */
  values: ReadonlyMap<string, { value: Value; line: number }>;
  /** Lines of exported names. */
  lines: ReadonlyMap<string, number>;
}

type Draft = {
  -readonly [K in keyof ModuleFacts]: ModuleFacts[K] extends ReadonlyMap<infer A, infer B>
    ? Map<A, B>
    : ModuleFacts[K] extends readonly (infer E)[]
      ? E[]
      : ModuleFacts[K];
};

const CODE = /\.[cm]?[jt]sx?$/;
const NO_CODE = {
  program: null,
  misread: { sentence: 'It is neither JavaScript nor TypeScript, so what it uses was not looked at.', line: null },
};

/** Never throws; `misread` says what kept it from being understood. */
export function moduleFacts(path: string, text: string): ModuleFacts {
  const { program, misread } = CODE.test(path) ? parseModule(path, text) : NO_CODE;
  const facts: Draft = {
    ...{ misread, client: false, serverFile: null, imports: new Map(), effects: [], exports: new Map() },
    ...{ stars: [], running: [], pieces: new Map(), values: new Map(), lines: new Map() },
  };
  if (!program) return facts;
  for (const { text: said, line } of directivesOf(program)) {
    if (said === 'use client') facts.client = true;
    if (said === 'use server') facts.serverFile = line;
  }
  const statements = parts(program, 'body');
  for (const statement of statements) takeStatement(facts, statement);
  takeValues(facts, statements);
  return facts;
}

function takeStatement(facts: Draft, node: Node): void {
  if (node.importKind === 'type' || node.exportKind === 'type') return;
  const from = part(node, 'source') ? nameOf(part(node, 'source')) : null;
  switch (node.type) {
    case 'ImportDeclaration':
      takeImport(facts, node, from ?? '');
      return;
    case 'ExportAllDeclaration':
      facts.stars.push(from ?? '');
      return;
    case 'ExportNamedDeclaration':
      if (from === null) takeExport(facts, node);
      else takeForward(facts, node, from);
      return;
    case 'ExportDefaultDeclaration':
      takeDefault(facts, node);
      return;
    default:
      takePiece(facts, node, declaredBy(node));
  }
}

function takeImport(facts: Draft, node: Node, from: string): void {
  const specifiers = parts(node, 'specifiers');
  if (specifiers.length === 0) facts.effects.push(from);
  for (const each of specifiers) {
    if (each.importKind === 'type') continue;
    const imported = part(each, 'imported');
    const name = imported ? nameOf(imported) : each.type === 'ImportNamespaceSpecifier' ? '*' : 'default';
    facts.imports.set(nameOf(part(each, 'local')), { from, name });
  }
}

function takeExport(facts: Draft, node: Node): void {
  const declaration = part(node, 'declaration');
  if (declaration) {
    const names = declaredBy(declaration);
    takePiece(facts, declaration, names);
    for (const name of names) addExport(facts, name, { local: name }, declaration);
  }
  for (const each of parts(node, 'specifiers')) {
    if (each.exportKind === 'type') continue;
    addExport(facts, nameOf(part(each, 'exported')), { local: nameOf(part(each, 'local')) }, each);
  }
}

function takeForward(facts: Draft, node: Node, from: string): void {
  for (const each of parts(node, 'specifiers')) {
    if (each.exportKind === 'type') continue;
    const local = part(each, 'local');
    addExport(facts, nameOf(part(each, 'exported')), { from, name: local ? nameOf(local) : '*' }, each);
  }
}

function takeDefault(facts: Draft, node: Node): void {
  const declaration = part(node, 'declaration');
  if (!declaration) return;
  const name = nameOf(declaration) || nameOf(part(declaration, 'id')) || 'default';
  if (declaration.type !== 'Identifier') takePiece(facts, declaration, [name]);
  addExport(facts, 'default', { local: name }, node);
}

function addExport(facts: Draft, name: string, to: { local: string } | Origin, at: Node): void {
  facts.exports.set(name, to);
  facts.lines.set(name, lineOf(at));
}

function takePiece(facts: Draft, node: Node, names: readonly string[]): void {
  const piece = pieceFacts(node);
  if (names.length === 0) facts.running.push(piece);
  for (const name of names) facts.pieces.set(name, piece);
}

/** The names that a statement declares; none for one that only runs. */
function declaredBy(node: Node): string[] {
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration' || node.type === 'TSEnumDeclaration')
    return [nameOf(part(node, 'id'))];
  if (node.type !== 'VariableDeclaration') return [];
  return parts(node, 'declarations').flatMap((each) => boundBy(part(each, 'id')));
}

/** The names in a pattern: `{ GET, POST }`, `[a, b]`. */
function boundBy(pattern: Node | null): string[] {
  if (!pattern) return [];
  if (pattern.type === 'Identifier') return [nameOf(pattern)];
  const below = [...parts(pattern, 'properties'), ...parts(pattern, 'elements')];
  const inner = [pattern.value, pattern.left, pattern.argument].filter(isNode);
  return [...below, ...inner].flatMap(boundBy);
}

function takeValues(facts: Draft, statements: readonly Node[]): void {
  const names = constantsIn(statements);
  const scope = scopeOf(names, {});
  for (const [name, to] of facts.exports) {
    const node = 'local' in to ? names.get(to.local) : undefined;
    if (node) facts.values.set(name, { value: evaluate(node, scope), line: facts.lines.get(name) ?? 1 });
  }
}
