import { type ParserPlugin, parse } from '@babel/parser';

/** A node of the tree, read by the names that the ESTree-like form of Babel gives its parts. */
export interface Node {
  type: string;
  loc?: { start: { line: number } } | null;
  [part: string]: unknown;
}

/** What kept a file from being understood. */
export interface Misread {
  sentence: string;
  line: number | null;
}

export type Parsed = { program: Node; misread: Misread | null } | { program: null; misread: Misread };

/** Larger files are not written by people; in characters. */
export const MAX_FILE_LENGTH = 512_000;

/** Reads a module of any of the dialects that Next takes. Never throws, whatever the text is. */
export function parseModule(path: string, text: string): Parsed {
  if (text.length > MAX_FILE_LENGTH)
    return nothing(`It has ${text.length} characters, and more than ${MAX_FILE_LENGTH} are not read.`, null);
  try {
    const file = parse(text, {
      sourceType: /\.c[jt]s$/.test(path) ? 'script' : 'module',
      errorRecovery: true,
      attachComment: false,
      allowReturnOutsideFunction: true,
      plugins: pluginsFor(path),
    });
    const [first] = (file.errors ?? []) as unknown as SyntaxTrouble[];
    return { program: file.program as unknown as Node, misread: first ? misreadOf(first) : null };
  } catch (error) {
    if (error instanceof RangeError) return nothing('It is nested too deeply to be read.', null);
    const { sentence, line } = misreadOf(error as SyntaxTrouble);
    return nothing(sentence, line);
  }
}

interface SyntaxTrouble {
  message?: string;
  loc?: { line: number };
}

function misreadOf({ message = '', loc }: SyntaxTrouble): Misread {
  const said = message.replace(/\s*\(\d+:\d+\)\s*$/, '').slice(0, 200);
  return { sentence: `It is not understood: ${said}`, line: loc?.line ?? null };
}

const nothing = (sentence: string, line: number | null): Parsed => ({ program: null, misread: { sentence, line } });

function pluginsFor(path: string): ParserPlugin[] {
  if (/\.[cm]?ts$/.test(path)) return ['typescript', 'decorators'];
  if (/\.tsx$/.test(path)) return ['typescript', 'jsx', 'decorators'];
  return ['jsx', 'decorators'];
}

export function lineOf(node: Node): number {
  return node.loc?.start.line ?? 1;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** A part that is one node; null where there is none. */
export function part(node: Node | null, name: string): Node | null {
  const value = node?.[name];
  return isNode(value) ? value : null;
}

/** A part that is a list of nodes; holes are left out. */
export function parts(node: Node | null, name: string): Node[] {
  const value = node?.[name];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function nameOf(node: Node | null): string {
  if (node?.type === 'StringLiteral') return String(node.value);
  return node?.type === 'Identifier' || node?.type === 'JSXIdentifier' ? String(node.name) : '';
}

/** Every directive (`use server`) at the top of a program or of a block. */
export function directivesOf(node: Node): { text: string; line: number }[] {
  return parts(node, 'directives').map((each) => ({
    text: String(part(each, 'value')?.value ?? ''),
    line: lineOf(each),
  }));
}

/** Types that carry no code: what stands in them is never run. */
const CODE_IN_TYPES =
  /^TS(As|Satisfies|NonNull|TypeAssertion|Instantiation|Enum|Module|ParameterProperty|ExportAssignment|ImportEquals)/;

/**
 * Visits a node and all below it, without recursion, so that depth costs no stack. `enter` answers false where nothing
 * below is wanted, or what is to be done once all below has been visited.
 */
export function walk(root: Node, enter: (node: Node) => boolean | undefined | (() => void)): void {
  const open: (Node | (() => void))[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'function') {
      next();
      continue;
    }
    if (next.type.startsWith('TS') && !CODE_IN_TYPES.test(next.type)) continue;
    const said = enter(next);
    if (said === false) continue;
    if (typeof said === 'function') open.push(said);
    for (const name of Object.keys(next)) if (name !== 'loc' && !isPlainName(next, name)) below(next[name], open);
  }
}

function below(value: unknown, open: unknown[]): void {
  if (isNode(value)) open.push(value);
  else if (Array.isArray(value)) for (const each of value) if (isNode(each)) open.push(each);
}

export const isFunction = ({ type }: Node) =>
  /Function(Expression|Declaration)$|^(Object|Class(Private)?)Method$/.test(type);

/** What it is without `as`, `satisfies`, `!` and brackets around it. */
export function unwrapped(node: Node | null): Node | null {
  let inner = node;
  while (inner && WRAPPERS.has(inner.type)) inner = part(inner, 'expression');
  return inner;
}

const WRAPPERS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression']);

/** The names in a pattern: `{ GET, POST }`, `[a, b]`, `a = 1`. */
export function boundBy(pattern: Node | null): string[] {
  const names: string[] = [];
  const open: (Node | null)[] = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next?.type === 'Identifier') names.push(nameOf(next));
    if (!next || next.type === 'Identifier') continue;
    for (const name of ['properties', 'elements']) for (const each of parts(next, name)) open.push(each);
    for (const name of ['value', 'left', 'argument', 'parameter']) open.push(part(next, name));
  }
  return names;
}

/** A name that refers to nothing: `.cookies` of a member, `cookies:` of an object, an attribute. */
function isPlainName(node: Node, name: string): boolean {
  if (name === 'property') return node.type.endsWith('MemberExpression') && node.computed !== true;
  if (name === 'key') return node.computed !== true;
  return name === 'label' || (name === 'name' && node.type === 'JSXAttribute');
}

/** The names that a function, a block or a loop has of its own. */
export function namesIn(node: Node): string[] {
  if (node.type === 'BlockStatement') return parts(node, 'body').flatMap(declaredIn);
  return isFunction(node) ? namesOfFunction(node) : looped(node);
}

function declaredIn(node: Node): string[] {
  const { type } = node;
  if (type === 'VariableDeclaration') return parts(node, 'declarations').flatMap((each) => boundBy(part(each, 'id')));
  return type === 'FunctionDeclaration' || type === 'ClassDeclaration' ? [nameOf(part(node, 'id'))] : [];
}

function namesOfFunction(node: Node): string[] {
  const own = node.type === 'FunctionExpression' ? [nameOf(part(node, 'id'))] : [];
  return [...own, ...parts(node, 'params').flatMap(boundBy)];
}

/** `for (const a of b)` and `catch (a)`. */
function looped(node: Node): string[] {
  if (node.type === 'CatchClause') return boundBy(part(node, 'param'));
  const declared = /^For/.test(node.type) ? (node.left ?? node.init) : null;
  return isNode(declared) ? declaredIn(declared) : [];
}

/** The initial values of what statements declare: `const a = …`, `function b() {}`, with `export` or without. */
export function constantsIn(statements: readonly Node[]): Map<string, Node> {
  const names = new Map<string, Node>();
  for (const each of statements) {
    const statement = part(each, 'declaration') ?? each;
    if (statement.type === 'FunctionDeclaration') names.set(nameOf(part(statement, 'id')), statement);
    if (statement.type !== 'VariableDeclaration' || statement.kind === 'var') continue;
    for (const one of parts(statement, 'declarations')) {
      const value = one.init;
      // A `let` may be something else by the time it is read.
      if (isNode(value) && statement.kind === 'const') names.set(nameOf(part(one, 'id')), value);
    }
  }
  names.delete('');
  return names;
}
