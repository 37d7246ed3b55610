import { isNode, lineOf, type Node, nameOf, part, parts, unwrapped } from './syntax';

/** What an expression is, as far as that can be told without running it. */
export type Value =
  | { kind: 'literal'; value: string | number | boolean | null | undefined }
  /** `open`: the variables that decide over more items; null where all are known. */
  | { kind: 'list'; items: readonly Value[]; open: readonly string[] | null }
  /** `open`: the line of what may set other fields; null where all are known. */
  | { kind: 'object'; fields: Readonly<Record<string, Field>>; open: number | null }
  | { kind: 'function'; node: Node }
  /** `env`: the variables that decide. */
  | { kind: 'unknown'; env: readonly string[] };

export interface Field {
  value: Value;
  line: number;
}

export type ObjectValue = Extract<Value, { kind: 'object' }>;
type UnknownValue = Extract<Value, { kind: 'unknown' }>;

/** What the names of a file stand for. */
export interface Scope {
  names: ReadonlyMap<string, Node | Value>;
  /** Variables that are known; null = known to be absent. */
  env: Readonly<Record<string, string | null>>;
  /** How many expressions may still be looked at: names that name each other cost no end of them. */
  steps: { left: number };
  /** What a call answers; nothing is known of it when left out. */
  call?: (node: Node, next: (node: Node | null) => Value) => Value;
  /** Names that mean something else where the expression stands. */
  shadows?: (name: string) => boolean;
}

export const UNKNOWN: Value = { kind: 'unknown', env: [] };
const MAX_DEPTH = 40;
const MAX_STEPS = 20_000;
const MAX_TEXT = 2_000;

export function scopeOf(names: Scope['names'], env: Scope['env']): Scope {
  return { names, env, steps: { left: MAX_STEPS } };
}

/** The value of an expression. What is not understood is unknown, never a guess. */
export function evaluate(node: Node | null, scope: Scope, depth = 0): Value {
  if (!node || depth > MAX_DEPTH || scope.steps.left-- <= 0) return UNKNOWN;
  const next = (each: Node | null) => evaluate(each, scope, depth + 1);
  switch (node.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return literal(node.value as string);
    case 'NullLiteral':
      return literal(null);
    case 'TemplateLiteral':
      return template(node, next);
    case 'Identifier':
      if (node.name === 'undefined') return literal(undefined);
      return scope.shadows?.(nameOf(node)) ? UNKNOWN : named(scope.names.get(nameOf(node)) ?? null, next);
    case 'ArrayExpression':
      return listOf(node, next, scope);
    case 'ObjectExpression':
      return objectOf(node, next, scope);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return memberOf(node, scope, next);
    case 'ConditionalExpression':
      return choose(
        next(part(node, 'test')),
        () => next(part(node, 'consequent')),
        () => next(part(node, 'alternate')),
      );
    case 'LogicalExpression':
      return logical(node, next);
    case 'BinaryExpression':
      return binary(node, next);
    case 'UnaryExpression':
      return unary(node, next);
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
    case 'ObjectMethod':
      return { kind: 'function', node };
    case 'AwaitExpression':
      return next(part(node, 'argument'));
    case 'CallExpression':
      return scope.call?.(node, next) ?? UNKNOWN;
    default: {
      const inner = unwrapped(node);
      return inner === node ? UNKNOWN : next(inner);
    }
  }
}

function named(bound: Node | Value | null, next: (node: Node | null) => Value): Value {
  return bound !== null && !isNode(bound) ? bound : next(bound);
}

export const literal = (value: string | number | boolean | null | undefined): Value => ({ kind: 'literal', value });

/** The variables that an unknown value, or what may be in a list besides, depends on. */
export function envOf(value: Value): readonly string[] {
  if (value.kind === 'list') return value.open ?? [];
  return value.kind === 'unknown' ? value.env : [];
}

/** True or false where that is known, null where it is not. */
export function truth(value: Value): boolean | null {
  if (value.kind === 'unknown') return null;
  return value.kind === 'literal' ? Boolean(value.value) : true;
}

export const unknown = (...from: Value[]): UnknownValue => ({
  kind: 'unknown',
  env: [...new Set(from.flatMap(envOf))],
});

function template(node: Node, next: (node: Node) => Value): Value {
  const values = parts(node, 'expressions').map(next);
  if (values.some(({ kind }) => kind !== 'literal')) return unknown(...values);
  const texts = parts(node, 'quasis').map((each) => String((each.value as { cooked?: string }).cooked ?? ''));
  return literal(texts.map((text, at) => text + textOf(values[at])).join(''));
}

const textOf = (value: Value | undefined) =>
  value?.kind === 'literal' ? String(value.value ?? '').slice(0, MAX_TEXT) : '';

function objectOf(node: Node, next: (node: Node | null) => Value, { steps }: Scope): Value {
  const made = new Made();
  for (const each of parts(node, 'properties')) {
    const line = lineOf(each);
    if (each.type === 'SpreadElement') {
      const ways = waysOf(part(each, 'argument'), next);
      for (const { value } of ways) steps.left -= value.kind === 'object' ? Object.keys(value.fields).length : 0;
      made.spread(ways, line);
      continue;
    }
    const key = nameOf(part(each, 'key'));
    if (each.computed === true || key === '') made.forget(line);
    else made.set(key, { value: each.type === 'ObjectMethod' ? next(each) : next(part(each, 'value')), line });
  }
  return made.value();
}

export const isEmptyList = (value: Value) => value.kind === 'list' && value.items.length === 0 && value.open === null;
const addsNothing = ({ value }: Way) => isEmptyList(value);

/** Spread lists stand in place; what may add nothing leaves the list open. */
function listOf(node: Node, next: (node: Node | null) => Value, { steps }: Scope): Value {
  const items: Value[] = [];
  let open: string[] | null = null;
  for (const each of parts(node, 'elements')) {
    if (each.type !== 'SpreadElement') {
      items.push(next(each));
      continue;
    }
    const ways = waysOf(part(each, 'argument'), next);
    const filled = ways.flatMap(({ value }) => (value.kind === 'list' && value.items.length > 0 ? [value.items] : []));
    const { env } = unknown(...ways.flatMap(({ by, value }) => [by, value]));
    // Lists that spread each other double with each: so many items are no end of work.
    steps.left -= filled.reduce((sum, { length }) => sum + length, env.length);
    if (steps.left <= 0) return UNKNOWN;
    const only = ways.length === 1 ? ways[0]?.value : undefined;
    if (only?.kind === 'list') items.push(...only.items);
    else if (filled.length === ways.length) items.push({ kind: 'unknown', env });
    const isKnown =
      only?.kind === 'list' ? only.open === null : filled.length === ways.length || ways.every(addsNothing);
    if (!isKnown) open = [...(open ?? []), ...env];
  }
  return { kind: 'list', items, open };
}

interface Way {
  value: Value;
  /** False where something unknown decides whether it is taken. */
  sure: boolean;
  /** What decides. */
  by: Value;
}

/** What is spread: `...a`, or each side of `...(unknown ? a : b)` and of `...(unknown && a)`. */
function waysOf(node: Node | null, next: (node: Node | null) => Value): Way[] {
  const inner = unwrapped(node);
  const sides: Record<string, readonly string[]> = {
    ConditionalExpression: ['test', 'consequent', 'alternate'],
    LogicalExpression: ['left', 'right'],
  };
  const [test, ...rest] = (inner && sides[inner.type]) ?? [];
  const by = test === undefined ? UNKNOWN : next(part(inner, test));
  const isChoice = test !== undefined && truth(by) === null && inner?.operator !== '??' && inner?.operator !== '||';
  if (!isChoice) return [{ value: next(node), sure: true, by: UNKNOWN }];
  return rest.map((side) => ({ value: next(part(inner, side)), sure: false, by }));
}

/** An object while it is put together; what may be written over by something unknown is not known. */
class Made {
  readonly #fields = new Map<string, Field & { at: number }>();
  #at = 0;
  #forgotten = { at: -1, line: null as number | null };

  set(key: string, { value, line }: Field): void {
    this.#fields.set(key, { value, line, at: this.#at++ });
  }

  forget(line: number): void {
    this.#forgotten = { at: this.#at++, line: this.#forgotten.line ?? line };
  }

  spread(ways: readonly Way[], line: number): void {
    for (const { value, sure, by } of ways) {
      // `...(yes && { … })` of a no spreads nothing.
      if (value.kind !== 'object' && truth(value) === false) continue;
      if (value.kind !== 'object') {
        this.forget(line);
        return;
      }
      if (value.open !== null) this.forget(value.open);
      for (const [key, field] of Object.entries(value.fields))
        this.set(key, sure ? field : { value: unknown(by, field.value), line: field.line });
    }
  }

  value(): ObjectValue {
    const fields: Record<string, Field> = Object.create(null);
    for (const [key, { value, line, at }] of this.#fields)
      fields[key] = { value: at < this.#forgotten.at ? UNKNOWN : value, line };
    return { kind: 'object', fields, open: this.#forgotten.line };
  }
}

function memberOf(node: Node, scope: Scope, next: (node: Node | null) => Value): Value {
  const property = part(node, 'property');
  const name = node.computed === true && property?.type !== 'StringLiteral' ? '' : nameOf(property);
  if (isProcessEnv(part(node, 'object'))) return envValue(name, scope);
  const owner = next(part(node, 'object'));
  if (owner.kind !== 'object' || name === '') return unknown(owner);
  const field = owner.fields[name];
  return field ? field.value : owner.open === null ? literal(undefined) : UNKNOWN;
}

export function isProcessEnv(node: Node | null): boolean {
  return nameOf(part(node, 'object')) === 'process' && nameOf(part(node, 'property')) === 'env';
}

export function envValue(name: string, { env }: Scope): Value {
  if (name === '') return UNKNOWN;
  if (name === 'NODE_ENV') return literal('production');
  if (!Object.hasOwn(env, name)) return { kind: 'unknown', env: [name] };
  return literal(env[name] ?? undefined);
}

function choose(test: Value, yes: () => Value, no: () => Value): Value {
  const known = truth(test);
  if (known === null) return unknown(test, yes(), no());
  return known ? yes() : no();
}

function logical(node: Node, next: (node: Node | null) => Value): Value {
  const left = next(part(node, 'left'));
  const right = () => next(part(node, 'right'));
  if (node.operator === '&&') return choose(left, right, () => left);
  if (node.operator === '||') return choose(left, () => left, right);
  if (left.kind === 'unknown') return unknown(left, right());
  return left.kind === 'literal' && (left.value ?? null) === null ? right() : left;
}

function binary(node: Node, next: (node: Node | null) => Value): Value {
  const [left, right] = [next(part(node, 'left')), next(part(node, 'right'))];
  if (left.kind !== 'literal' || right.kind !== 'literal') return unknown(left, right);
  const same = left.value === right.value;
  if (node.operator === '===' || node.operator === '==') return literal(same);
  if (node.operator === '!==' || node.operator === '!=') return literal(!same);
  const both = typeof left.value === 'number' && typeof right.value === 'number';
  if (both) return arithmetic(String(node.operator), Number(left.value), Number(right.value));
  return node.operator === '+' ? literal(`${textOf(left)}${textOf(right)}`) : UNKNOWN;
}

function arithmetic(operator: string, left: number, right: number): Value {
  const made = { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[operator];
  return made === undefined ? UNKNOWN : literal(made);
}

function unary(node: Node, next: (node: Node | null) => Value): Value {
  const value = next(part(node, 'argument'));
  const known = truth(value);
  if (node.operator === '!') return known === null ? unknown(value) : literal(!known);
  return node.operator === '-' && value.kind === 'literal' ? literal(-Number(value.value)) : unknown(value);
}
