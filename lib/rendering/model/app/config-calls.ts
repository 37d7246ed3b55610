import { literal, type ObjectValue, type Scope, UNKNOWN, type Value } from './constant';
import { lineOf, type Node, nameOf, part, parts, unwrapped } from './syntax';

/** Wrappers that set nothing that a file server does not know. */
const HARMLESS = ['@next/mdx', '@next/bundle-analyzer'];
/** Of `next/constants`, for configs that ask which phase it is. */
const PHASES: Readonly<Record<string, string>> = {
  PHASE_EXPORT: 'phase-export',
  PHASE_PRODUCTION_BUILD: 'phase-production-build',
  PHASE_PRODUCTION_SERVER: 'phase-production-server',
  PHASE_DEVELOPMENT_SERVER: 'phase-development-server',
  PHASE_TEST: 'phase-test',
};

/** Names that are known before a config runs: Next's phases, and wrappers that change nothing here. */
export function knownNames(statements: readonly Node[]): {
  names: Map<string, Node | Value>;
  isHarmless: (name: string) => boolean;
} {
  const names = new Map<string, Node | Value>();
  const harmless = new Set<string>();
  for (const [from, imported, local] of statements.flatMap(taken)) {
    const phase = from.startsWith('next/constants') ? PHASES[imported] : undefined;
    if (phase !== undefined) names.set(local, literal(phase));
    if (HARMLESS.includes(from)) harmless.add(local);
  }
  for (const each of statements.flatMap((one) => parts(one, 'declarations'))) {
    const call = unwrapped(part(each, 'init'));
    const source = call?.type === 'CallExpression' ? rootOf(call) : null;
    if (source !== null && (harmless.has(source) || HARMLESS.includes(source))) harmless.add(nameOf(part(each, 'id')));
  }
  return { names, isHarmless: (name) => harmless.has(name) || HARMLESS.includes(name) };
}

/** Module, imported name and local name, by `import` and by `require`. */
function taken(statement: Node): [string, string, string][] {
  if (statement.type === 'ImportDeclaration') {
    const from = nameOf(part(statement, 'source'));
    return parts(statement, 'specifiers').map((each) => [
      from,
      nameOf(part(each, 'imported')),
      nameOf(part(each, 'local')),
    ]);
  }
  return parts(statement, 'declarations').flatMap((each): [string, string, string][] => {
    const from = required(part(each, 'init'));
    if (from === null) return [];
    const id = part(each, 'id');
    if (id?.type === 'Identifier') return [[from, 'default', nameOf(id)]];
    return parts(id, 'properties').map((one) => [from, nameOf(part(one, 'key')), nameOf(part(one, 'value'))]);
  });
}

function required(node: Node | null): string | null {
  if (node?.type !== 'CallExpression' || nameOf(part(node, 'callee')) !== 'require') return null;
  return nameOf(parts(node, 'arguments')[0] ?? null);
}

/** What is called in the end: `withX` of `withX({})(config)`; the module of `require('x')(config)`. */
function rootOf(call: Node): string | null {
  let inner: Node | null = call;
  for (let depth = 0; inner && depth < 10; depth++) {
    const from = required(inner);
    if (from !== null) return from;
    if (inner.type === 'Identifier') return nameOf(inner);
    inner = unwrapped(part(inner, inner.type === 'CallExpression' ? 'callee' : 'object'));
  }
  return null;
}

/** A call with a config is taken for a wrapper: what it is given is seen, what it sets beyond that is not. */
export function callsOf(
  isHarmless: (name: string) => boolean,
  settle: (value: Value) => ObjectValue,
): NonNullable<Scope['call']> {
  return (node, next) => {
    if (required(node) !== null) return UNKNOWN;
    const given = parts(node, 'arguments').find((each) => isConfig(next(each)));
    if (!given) return UNKNOWN;
    const inner = settle(next(given));
    return isHarmless(rootOf(node) ?? '') ? inner : { ...inner, open: inner.open ?? lineOf(node) };
  };
}

const isConfig = (value: Value) => value.kind === 'object' || value.kind === 'function';
