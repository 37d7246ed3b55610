import { type Node, nameOf, part } from './syntax';

/** What a CommonJS module hands on. */
export const EXPORTS = 'module.exports';

/** `config.images.loader` → `config`, `images`, `loader`; null in it where the name is computed. `module.exports` is one name. */
export function pathOf(node: Node | null): (string | null)[] {
  const path: (string | null)[] = [];
  let inner = node;
  for (; inner?.type === 'MemberExpression'; inner = part(inner, 'object')) {
    const property = part(inner, 'property');
    path.push(inner.computed === true && property?.type !== 'StringLiteral' ? null : nameOf(property));
  }
  path.push(inner?.type === 'Identifier' ? nameOf(inner) : null);
  path.reverse();
  if (path[0] === 'module' && path[1] === 'exports') path.splice(0, 2, EXPORTS);
  else if (path[0] === 'exports') path[0] = EXPORTS;
  return path;
}

/** `console.log(config)` changes nothing. */
export function isQuiet(node: Node): boolean {
  if (!/^(Optional)?(Call|New)Expression$/.test(node.type)) return false;
  const [root, name] = pathOf(part(node, 'callee'));
  return root === 'console' || root === 'JSON' || root === 'fetch' || (root === 'Object' && name !== 'assign');
}
