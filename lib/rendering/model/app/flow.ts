import {
  evaluate,
  type Field,
  isProcessEnv,
  literal,
  type ObjectValue,
  type Scope,
  truth,
  UNKNOWN,
  unknown,
  type Value,
} from './constant';
import { EXPORTS, isQuiet, pathOf } from './member-path';
import { type Sharing, sharedBy, sharingIn } from './sharing';
import { boundBy, isFunction, isNode, lineOf, type Node, nameOf, part, parts, walk } from './syntax';

type Bound = Node | Value;

/** Deeper than this nobody writes; what lies there is not known. */
const MAX_NESTED = 60;

/** Every value that a function may answer, as far as the conditions on the way are known. Never empty. */
export function answersOf(made: Node, scope: Scope, params: Readonly<Record<string, Value>> = {}): Value[] {
  const body = part(made, 'body');
  const names = new Map<string, Bound>(scope.names);
  for (const each of parts(made, 'params').flatMap(boundBy)) names.set(each, params[each] ?? UNKNOWN);
  if (body?.type !== 'BlockStatement') return [evaluate(body, { ...scope, names })];
  const run = new Run({ ...scope, names }, parts(body, 'body'));
  return run.block(parts(body, 'body')) && run.answers.length > 0 ? run.answers : [...run.answers, literal(undefined)];
}

/** One value that stands for several ways to get there. */
export function merged(values: readonly Value[], by: Value = UNKNOWN): Value {
  const [first = UNKNOWN, ...rest] = values;
  if (rest.every((each) => same(each, first))) return first;
  const objects = values.filter((each) => each.kind === 'object');
  if (objects.length < values.length) return unknown(by, ...values);
  const keys = new Set(objects.flatMap(({ fields }) => Object.keys(fields)));
  const fields: Record<string, Field> = Object.create(null);
  for (const key of keys) {
    const found = objects.map((each) => each.fields[key]);
    const value = merged(
      found.map((each) => each?.value ?? literal(undefined)),
      by,
    );
    fields[key] = { value, line: found.find((each) => each !== undefined)?.line ?? 1 };
  }
  return { kind: 'object', fields, open: objects.find(({ open }) => open !== null)?.open ?? null };
}

const same = (a: Value, b: Value) => a === b || (a.kind === 'literal' && b.kind === 'literal' && a.value === b.value);

/** Nothing of it is known any more: something that cannot be followed had it in hand. */
function opened(value: Value, line: number): Value {
  if (value.kind !== 'object') return value.kind === 'function' ? value : UNKNOWN;
  const fields = Object.entries(value.fields).map(([key, field]) => [key, { ...field, value: UNKNOWN }] as const);
  return { kind: 'object', fields: Object.fromEntries(fields), open: value.open ?? line };
}

/** Runs statements one after the other, both ways where a condition is not known. Nothing is called. */
export class Run {
  readonly answers: Value[] = [];
  /** What `export default` names. */
  exported: Node | null = null;
  readonly scope: Scope & { names: Map<string, Bound> };
  readonly #sharing: Sharing;
  /** What a way changed, with what was there before. */
  #changed = new Map<string, Bound | undefined>();
  #depth = 0;

  constructor(scope: Scope & { names: Map<string, Bound> }, statements: readonly Node[]) {
    this.scope = scope;
    this.#sharing = sharingIn(statements);
  }

  /** True where nothing behind it is reached. */
  block(statements: readonly Node[]): boolean {
    if (this.#depth > MAX_NESTED) return this.#lost(null);
    this.#depth += 1;
    for (const each of statements) if (each.type === 'FunctionDeclaration') this.#set(nameOf(part(each, 'id')), each);
    const ended = statements.some((each) => this.#one(each));
    this.#depth -= 1;
    return ended;
  }

  #one(node: Node): boolean {
    if (this.scope.steps.left-- <= 0) return this.#lost(node);
    switch (node.type) {
      case 'ReturnStatement':
        this.answers.push(part(node, 'argument') ? this.#value(part(node, 'argument')) : literal(undefined));
        return true;
      case 'ThrowStatement':
        return true;
      case 'BlockStatement':
        return this.block(parts(node, 'body'));
      case 'IfStatement':
        return this.#if(node);
      case 'TryStatement':
        return this.#ways([part(node, 'block'), part(part(node, 'handler'), 'body')], UNKNOWN);
      case 'VariableDeclaration':
        for (const each of parts(node, 'declarations')) this.#declare(part(each, 'id'), part(each, 'init'));
        return false;
      case 'ExportNamedDeclaration':
        return this.#handOn(node);
      case 'ExportDefaultDeclaration':
        this.exported = part(node, 'declaration');
        return false;
      case 'TSExportAssignment':
        this.exported = part(node, 'expression');
        return false;
      case 'ExpressionStatement':
        this.#expression(part(node, 'expression'));
        return false;
      default:
        this.#fog(node);
        return false;
    }
  }

  /** There is no telling what comes. */
  #lost(node: Node | null): boolean {
    if (node) this.#fog(node);
    this.answers.push(UNKNOWN);
    return true;
  }

  #value(node: Node | null): Value {
    return evaluate(node, this.scope);
  }

  #set(name: string, value: Bound): void {
    if (!this.#changed.has(name)) this.#changed.set(name, this.scope.names.get(name));
    this.scope.names.set(name, value);
  }

  #handOn(node: Node): boolean {
    const declaration = part(node, 'declaration');
    const own = parts(node, 'specifiers').find((each) => nameOf(part(each, 'exported')) === 'default');
    if (own && !part(node, 'source')) this.exported = part(own, 'local');
    return declaration !== null && this.#one(declaration);
  }

  #if(node: Node): boolean {
    const test = this.#value(part(node, 'test'));
    const known = truth(test);
    const [yes, no] = [part(node, 'consequent'), part(node, 'alternate')];
    if (known === null) return this.#ways([yes, no], test);
    const taken = known ? yes : no;
    return taken !== null && this.block([taken]);
  }

  /** Each way by itself; afterwards a name is whatever they agree on. */
  #ways(ways: readonly (Node | null)[], by: Value): boolean {
    const outer = this.#changed;
    const through: Map<string, Bound | undefined>[] = [];
    for (const way of ways) {
      this.#changed = new Map();
      const ended = way !== null && this.block([way]);
      const now = new Map([...this.#changed.keys()].map((name) => [name, this.scope.names.get(name)]));
      for (const [name, before] of this.#changed) this.#restore(name, before);
      if (!ended) through.push(now);
    }
    this.#changed = outer;
    for (const name of new Set(through.flatMap((each) => [...each.keys()]))) {
      const values = through.map((each) => (each.has(name) ? each.get(name) : this.scope.names.get(name)));
      this.#set(
        name,
        merged(
          values.map((each) => this.#asValue(each)),
          by,
        ),
      );
    }
    return through.length === 0;
  }

  #restore(name: string, before: Bound | undefined): void {
    if (before === undefined) this.scope.names.delete(name);
    else this.scope.names.set(name, before);
  }

  #asValue(bound: Bound | undefined): Value {
    return bound === undefined || isNode(bound) ? this.#value(bound ?? null) : bound;
  }

  #declare(id: Node | null, init: Node | null): void {
    const value = init === null ? literal(undefined) : this.#value(init);
    const line = id ? lineOf(id) : 1;
    // What a call was given it may have changed, by whatever name.
    this.#given(init);
    if (id?.type === 'Identifier') {
      this.#set(nameOf(id), this.#kept(nameOf(id), value, line));
      return;
    }
    for (const each of boundBy(id)) this.#set(each, UNKNOWN);
    // `const { MODE } = process.env`
    for (const each of parts(id, 'properties')) {
      const [key, local] = [nameOf(part(each, 'key')), part(each, 'value')];
      if (local?.type !== 'Identifier' || each.computed === true) continue;
      if (isProcessEnv(init)) this.#set(nameOf(local), this.#variable(key));
      else if (value.kind === 'object' && value.open === null)
        this.#set(nameOf(local), value.fields[key]?.value ?? literal(undefined));
    }
  }

  #variable(name: string): Value {
    const { env } = this.scope;
    return Object.hasOwn(env, name) ? literal(env[name] ?? undefined) : { kind: 'unknown', env: [name] };
  }

  #expression(node: Node | null): void {
    const isPlain = node?.type === 'AssignmentExpression' && node.operator === '=';
    const [root, ...keys] = isPlain ? pathOf(part(node, 'left')) : [];
    if (node && isPlain && typeof root === 'string') {
      const value = this.#value(part(node, 'right'));
      this.#given(part(node, 'right'));
      const { assigned } = this.#sharing;
      const now = assigned.has(root) ? UNKNOWN : this.#within(root, keys, value, lineOf(node));
      this.#set(root, this.#kept(root, now, lineOf(node)));
      if (keys.length > 0) this.#openOthers(root, lineOf(node));
    } else if (node) this.#fog(node);
  }

  #within(root: string, keys: readonly (string | null)[], value: Value, line: number): Value {
    const before = this.#asValue(this.scope.names.get(root) ?? (root === EXPORTS ? NOTHING : undefined));
    // Each assignment copies: many of them to a large object are no end of work.
    if (before.kind === 'object') this.scope.steps.left -= Object.keys(before.fields).length / 8;
    return put(before, keys, value, line);
  }

  /** Something that is not followed: what it mentions may be anything afterwards. */
  #fog(node: Node): void {
    if (isQuiet(node)) return;
    walk(node, (each) => {
      if (each !== node && isFunction(each)) return false;
      if (each.type === 'ReturnStatement') this.answers.push(UNKNOWN);
      const assigned = each.type === 'AssignmentExpression' ? pathOf(part(each, 'left'))[0] : null;
      if (assigned) this.#blur(assigned, lineOf(each), true);
      if (each.type === 'Identifier') this.#blur(nameOf(each), lineOf(each), false);
      return true;
    });
  }

  #blur(said: string, line: number, isAssigned: boolean): void {
    const name = said === 'module' || said === 'exports' ? EXPORTS : said;
    const bound = this.scope.names.get(name);
    if (!bound || isNode(bound) || (bound.kind === 'literal' && !isAssigned)) return;
    if (isAssigned || bound.kind === 'object' || bound.kind === 'list') this.#set(name, opened(bound, line));
    this.#openOthers(name, line);
  }

  /** The same object under other names, or within another. */
  #openOthers(name: string, line: number): void {
    const group = this.#sharing.groupOf(name);
    // Many changes of what has many names are no end of work.
    this.scope.steps.left -= group.length / 8;
    for (const each of group) {
      if (each === name) continue;
      const bound = this.scope.names.get(each);
      if (bound && !isNode(bound) && (bound.kind === 'object' || bound.kind === 'list'))
        this.#set(each, opened(bound, line));
    }
  }

  /** What is left of a value under a name that some function changes. */
  #kept(name: string, value: Value, line: number): Value {
    const { assigned, handed } = this.#sharing;
    const isHeld = value.kind === 'object' || value.kind === 'list';
    return assigned.has(name) || (isHeld && handed.has(name)) ? opened(value, line) : value;
  }

  #given(node: Node | null): void {
    if (!node) return;
    walk(node, (each) => {
      if (isFunction(each) || isQuiet(each)) return false;
      if (/CallExpression$|^NewExpression$/.test(each.type))
        for (const name of parts(each, 'arguments').flatMap(sharedBy)) this.#blur(name, lineOf(each), false);
      return true;
    });
  }
}

const NOTHING: ObjectValue = { kind: 'object', fields: {}, open: null };

function put(before: Value, [key, ...rest]: readonly (string | null)[], value: Value, line: number): Value {
  if (key === undefined) return value;
  if (before.kind !== 'object') return UNKNOWN;
  if (key === null) return opened(before, line);
  const inner = before.fields[key]?.value ?? (before.open === null ? NOTHING : UNKNOWN);
  const field = { value: rest.length === 0 ? value : put(inner, rest, value, line), line };
  return { ...before, fields: { ...before.fields, [key]: field } };
}
