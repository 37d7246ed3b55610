import { evaluate, scopeOf } from './constant';
import { directivesOf, lineOf, type Node, nameOf, part, parts, walk } from './syntax';

/** What a piece of a module uses and does. Lines are of the file, from 1. */
export interface PieceFacts {
  /** Every name that it uses → the line of its first use. */
  uses: ReadonlyMap<string, number>;
  /** Modules that it loads while it runs: `import('…')`, `require('…')`. */
  loads: readonly string[];
  /** Where a function is `use server`, and where one is `use cache`. */
  actions: readonly number[];
  caches: readonly number[];
  /** Where a request is made that must never be kept. */
  uncached: readonly number[];
  /** What its first parameter is called and where it is used; what is taken out of it, by name. */
  firstParam: { used: number | null; taken: ReadonlyMap<string, number> };
}

interface Draft {
  uses: Map<string, number>;
  loads: string[];
  actions: number[];
  caches: number[];
  uncached: number[];
}

/** Of a statement at the top of a module, with everything in it. */
export function pieceFacts(root: Node): PieceFacts {
  const draft: Draft = { uses: new Map(), loads: [], actions: [], caches: [], uncached: [] };
  walk(root, (node) => {
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') use(draft.uses, nameOf(node), lineOf(node));
    else if (node.type === 'ImportExpression') load(draft, part(node, 'source'));
    else if (node.type === 'CallExpression') call(draft, node);
    else if (node.type === 'BlockStatement') directives(draft, node);
    return true;
  });
  return { ...draft, firstParam: firstParamOf(root) };
}

function use(uses: Map<string, number>, name: string, line: number): void {
  const before = uses.get(name);
  if (before === undefined || line < before) uses.set(name, line);
}

function load(draft: Draft, source: Node | null): void {
  if (source?.type === 'StringLiteral') draft.loads.push(nameOf(source));
}

function call(draft: Draft, node: Node): void {
  const callee = part(node, 'callee');
  const [first = null, second = null] = parts(node, 'arguments');
  if (callee?.type === 'Import' || nameOf(callee) === 'require') load(draft, first);
  if (nameOf(callee) === 'fetch' && isUncached(second)) draft.uncached.push(lineOf(node));
}

/** `{ cache: 'no-store' }` and `{ next: { revalidate: 0 } }`. */
function isUncached(options: Node | null): boolean {
  const value = evaluate(options, scopeOf(new Map(), {}));
  if (value.kind !== 'object') return false;
  const cache = value.fields.cache?.value;
  if (cache?.kind === 'literal' && (cache.value === 'no-store' || cache.value === 'no-cache')) return true;
  const next = value.fields.next?.value;
  const revalidate = next?.kind === 'object' ? next.fields.revalidate?.value : undefined;
  return revalidate?.kind === 'literal' && revalidate.value === 0;
}

function directives(draft: Draft, block: Node): void {
  for (const { text, line } of directivesOf(block)) {
    if (text === 'use server') draft.actions.push(line);
    if (/^use cache\b/.test(text)) draft.caches.push(line);
  }
}

const NOTHING = { used: null, taken: new Map<string, number>() };

/** Of the function that a statement declares: `function GET(request)`, `const GET = (request) => …`. */
function firstParamOf(root: Node): PieceFacts['firstParam'] {
  const [declared = null] = root.type === 'VariableDeclaration' ? parts(root, 'declarations') : [];
  const made = declared ? part(declared, 'init') : root;
  const [param] = parts(made, 'params');
  if (!made || !param) return NOTHING;
  const pattern = param.type === 'AssignmentPattern' ? part(param, 'left') : param;
  if (pattern?.type === 'ObjectPattern') {
    const taken = new Map(parts(pattern, 'properties').map((each) => [nameOf(part(each, 'key')), lineOf(each)]));
    return { used: lineOf(pattern), taken };
  }
  return usesOf(nameOf(pattern), made);
}

function usesOf(name: string, made: Node): PieceFacts['firstParam'] {
  const body = part(made, 'body');
  if (name === '' || !body) return NOTHING;
  const taken = new Map<string, number>();
  let used: number | null = null;
  walk(body, (node) => {
    if (nameOf(node) === name && node.type !== 'StringLiteral') used = Math.min(used ?? Infinity, lineOf(node));
    if (nameOf(part(node, 'object')) === name) taken.set(nameOf(part(node, 'property')), lineOf(node));
    // `const { searchParams } = await props`
    if (node.type === 'VariableDeclarator' && isOf(part(node, 'init'), name))
      for (const each of parts(part(node, 'id'), 'properties')) taken.set(nameOf(part(each, 'key')), lineOf(each));
    return true;
  });
  return { used, taken };
}

function isOf(node: Node | null, name: string): boolean {
  return nameOf(node) === name || nameOf(part(node, 'argument')) === name;
}
