import { isQuiet, pathOf } from './member-path';
import { boundBy, isFunction, type Node, nameOf, namesIn, part, parts, unwrapped, walk } from './syntax';

/** Which names may hold the same object, and which of them something changes that is not followed. */
export interface Sharing {
  /** Set from within a function, whenever that is called. */
  assigned: ReadonlySet<string>;
  /** Objects and lists that a function changes, or hands to what may. */
  handed: ReadonlySet<string>;
  /** The names by which a value, or a part of it, can be reached; empty where there is one alone. */
  groupOf(name: string): readonly string[];
}

/** Methods that change nothing of what they are called on. */
const READS =
  /^(at|concat|entries|every|filter|find|findIndex|flat|flatMap|forEach|get|has|includes|indexOf|join|keys|map|slice|some|startsWith|endsWith|toString|values)$/;

export function sharingIn(statements: readonly Node[]): Sharing {
  const reading = new Reading();
  for (const each of statements) walk(each, (node) => reading.enter(node));
  return reading.done();
}

/** A chain of calls is looked at from each of them: a long one is no end of work. */
const MAX_PARTS = 2_000;

/** The names whose value an expression may be, or hold: `a`, `a.b`, `{ a }`, `x ? a : b`, `wrap(a)`. */
export function sharedBy(root: Node | null): string[] {
  const names: string[] = [];
  const open: (Node | null)[] = [root];
  for (let node = open.pop(), left = MAX_PARTS; node !== undefined && left > 0; node = open.pop(), left--) {
    const inner = unwrapped(node);
    if (!inner || isFunction(inner) || isQuiet(inner)) continue;
    const [name] = pathOf(inner);
    if (name && name !== 'process') names.push(name);
    else for (const each of HOLDS[inner.type] ?? []) open.push(part(inner, each), ...parts(inner, each));
  }
  return names;
}

const HOLDS: Readonly<Record<string, readonly string[]>> = {
  ArrayExpression: ['elements'],
  AssignmentExpression: ['right'],
  AwaitExpression: ['argument'],
  CallExpression: ['callee', 'arguments'],
  ConditionalExpression: ['consequent', 'alternate'],
  LogicalExpression: ['left', 'right'],
  MemberExpression: ['object'],
  NewExpression: ['arguments'],
  ObjectExpression: ['properties'],
  ObjectProperty: ['value'],
  OptionalCallExpression: ['callee', 'arguments'],
  OptionalMemberExpression: ['object'],
  SequenceExpression: ['expressions'],
  SpreadElement: ['argument'],
};

class Reading {
  readonly #assigned = new Set<string>();
  readonly #handed = new Set<string>();
  /** Each name → one that it shares with; itself at the end of the chain. */
  readonly #with = new Map<string, string>();
  readonly #bound = new Map<string, number>();
  #within = 0;

  enter(node: Node): true | (() => void) {
    if (this.#within > 0) this.#inFunction(node);
    this.#joins(node);
    const isInside = isFunction(node);
    const names = isInside || this.#within > 0 ? namesIn(node) : [];
    if (!isInside && names.length === 0) return true;
    this.#count(names, 1);
    if (isInside) this.#within += 1;
    return () => {
      this.#count(names, -1);
      if (isInside) this.#within -= 1;
    };
  }

  done(): Sharing {
    const groups = new Map<string, string[]>();
    for (const name of this.#with.keys()) {
      const group = groups.get(this.#root(name)) ?? [];
      groups.set(this.#root(name), group);
      group.push(name);
    }
    const groupOf = (name: string) => (this.#with.has(name) ? (groups.get(this.#root(name)) ?? []) : []);
    const changed = [...this.#handed, ...this.#assigned];
    const handed = new Set(changed);
    for (const group of new Set(changed.map(groupOf))) for (const each of group) handed.add(each);
    return { assigned: this.#assigned, handed, groupOf };
  }

  #count(names: readonly string[], by: number): void {
    for (const name of names) this.#bound.set(name, (this.#bound.get(name) ?? 0) + by);
  }

  #put(to: Set<string>, names: readonly (string | null | undefined)[]): void {
    for (const name of names) if (name && (this.#bound.get(name) ?? 0) === 0) to.add(name);
  }

  #inFunction(node: Node): void {
    const { type } = node;
    if (type === 'AssignmentExpression') {
      const left = part(node, 'left');
      this.#put(this.#assigned, [pathOf(left)[0], ...(left?.type.endsWith('Pattern') ? boundBy(left) : [])]);
    }
    if (type === 'UpdateExpression') this.#put(this.#assigned, [pathOf(part(node, 'argument'))[0]]);
    if (type === 'UnaryExpression' && node.operator === 'delete')
      this.#put(this.#handed, [pathOf(part(node, 'argument'))[0]]);
    if (type === 'VariableDeclarator' && part(node, 'init')?.type !== 'ObjectExpression')
      this.#put(this.#handed, sharedBy(part(node, 'init')));
    if (/^(Optional)?CallExpression$|^NewExpression$/.test(type) && !isQuiet(node)) {
      this.#put(this.#handed, parts(node, 'arguments').flatMap(sharedBy));
      const callee = part(node, 'callee');
      if (!READS.test(nameOf(part(callee, 'property')))) this.#put(this.#handed, sharedBy(part(callee, 'object')));
    }
  }

  /** `const a = b`, `a = b`, `a.x = b`, `const { x } = b`. */
  #joins(node: Node): void {
    if (node.type === 'VariableDeclarator') this.#join(boundBy(part(node, 'id')), part(node, 'init'));
    if (node.type !== 'AssignmentExpression') return;
    const [root] = pathOf(part(node, 'left'));
    if (root) this.#join([root], part(node, 'right'));
  }

  #join(names: readonly string[], value: Node | null): void {
    const shared = sharedBy(value);
    const [first] = shared;
    if (first === undefined) return;
    for (const each of [...names, ...shared]) this.#with.set(this.#root(each), this.#root(first));
  }

  #root(name: string): string {
    let at = name;
    for (let next = this.#with.get(at) ?? at; next !== at; next = this.#with.get(at) ?? at) {
      this.#with.set(at, this.#with.get(next) ?? next);
      at = next;
    }
    if (!this.#with.has(at)) this.#with.set(at, at);
    return at;
  }
}
