import { isFunction, lineOf, type Node, nameOf, part, parts, unwrapped, walk } from './syntax';

/** What a function does with the first thing that it is given. */
export interface Param {
  /** The line of its first use; null where it is not used. */
  used: number | null;
  /** What is taken out of it, by name. */
  taken: ReadonlyMap<string, number>;
  /** Where it is handed on as a whole, so that anything of it may be used. */
  whole: number | null;
}

const NO_PARAM: Param = { used: null, taken: new Map(), whole: null };

/** Of the function that a statement declares: `function GET(request)`, `const GET = (request) => …`. Null: it is none. */
export function paramOf(root: Node): Param | null {
  const [declared = null, ...more] = root.type === 'VariableDeclaration' ? parts(root, 'declarations') : [];
  const made = unwrapped(declared ? part(declared, 'init') : root);
  if (!made || !isFunction(made) || more.length > 0) return null;
  const [param] = parts(made, 'params');
  if (!param) return argumentsOf(made);
  const pattern = param.type === 'AssignmentPattern' ? part(param, 'left') : param;
  if (pattern?.type === 'ObjectPattern') return { used: lineOf(pattern), ...takenBy(pattern) };
  if (pattern?.type !== 'Identifier') return { used: lineOf(param), taken: new Map(), whole: lineOf(param) };
  return usesOf(nameOf(pattern), made);
}

/** Without a parameter of its own it may still read `arguments`. */
function argumentsOf(made: Node): Param {
  if (made.type === 'ArrowFunctionExpression') return NO_PARAM;
  const { used } = usesOf('arguments', made);
  return used === null ? NO_PARAM : { used, taken: new Map(), whole: used };
}

function takenBy(pattern: Node): Pick<Param, 'taken' | 'whole'> {
  const taken = new Map<string, number>();
  let whole: number | null = null;
  for (const each of parts(pattern, 'properties')) {
    if (each.type === 'RestElement' || each.computed === true) whole ??= lineOf(each);
    else taken.set(nameOf(part(each, 'key')), lineOf(each));
  }
  return { taken, whole };
}

function usesOf(name: string, made: Node): Param {
  const body = part(made, 'body');
  if (!body) return NO_PARAM;
  const taken = new Map<string, number>();
  /** Nodes of the name that are accounted for. */
  const settled = new Set<Node>();
  let used: number | null = null;
  let whole: number | null = null;
  walk(body, (node) => {
    const found = outOf(node, name);
    if (found) {
      settled.add(found.node);
      for (const [key, line] of found.taken) taken.set(key, Math.min(line, taken.get(key) ?? line));
      if (found.whole !== null) whole = Math.min(found.whole, whole ?? found.whole);
    }
    if (node.type === 'Identifier' && node.name === name) {
      used = Math.min(used ?? Infinity, lineOf(node));
      if (!settled.has(node)) whole = Math.min(whole ?? Infinity, lineOf(node));
    }
    return true;
  });
  return { used, taken, whole };
}

/** `props.a`, `(await props).a`, and `const { a } = await props`. */
function outOf(node: Node, name: string): (Pick<Param, 'taken' | 'whole'> & { node: Node }) | null {
  if (/^(Optional)?MemberExpression$/.test(node.type)) {
    const own = awaited(part(node, 'object'), name);
    const key =
      node.computed === true && part(node, 'property')?.type !== 'StringLiteral' ? '' : nameOf(part(node, 'property'));
    if (!own) return null;
    return key === ''
      ? { node: own, taken: new Map(), whole: lineOf(node) }
      : { node: own, taken: new Map([[key, lineOf(node)]]), whole: null };
  }
  const id = node.type === 'VariableDeclarator' ? part(node, 'id') : null;
  const own = id?.type === 'ObjectPattern' ? awaited(part(node, 'init'), name) : null;
  return id && own ? { node: own, ...takenBy(id) } : null;
}

function awaited(node: Node | null, name: string): Node | null {
  const inner = unwrapped(node);
  const own = inner?.type === 'AwaitExpression' ? unwrapped(part(inner, 'argument')) : inner;
  return own?.type === 'Identifier' && own.name === name ? own : null;
}
