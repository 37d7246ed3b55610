import type { Scope } from './constant';
import type { FactsDraft } from './facts';
import { EXPORTS, pathOf } from './member-path';
import { pieceFacts } from './piece';
import { lineOf, type Node, nameOf, part, parts, unwrapped, walk } from './syntax';

/** `exports.a = …`, `module.exports.a = …`, `module.exports = …`: what a CommonJS module exports, beside what it runs. */
export function handOn(facts: FactsDraft, scope: Scope, statement: Node): void {
  const set = part(statement, 'expression');
  const [root, name, ...deeper] = set?.type === 'AssignmentExpression' ? pathOf(part(set, 'left')) : [];
  const value = unwrapped(part(set, 'right'));
  if (!set || root !== EXPORTS || !value || name === null || deeper.length > 0) {
    if (set && mentionsExports(set)) facts.unclearExports ??= lineOf(set);
    return;
  }
  if (name !== undefined) add(facts, scope, name, value);
  else if (value.type === 'ObjectExpression') addFields(facts, scope, value);
  else add(facts, scope, 'default', value);
}

function addFields(facts: FactsDraft, scope: Scope, value: Node): void {
  for (const each of parts(value, 'properties')) {
    const name = each.computed === true ? '' : nameOf(part(each, 'key'));
    const made = each.type === 'ObjectMethod' ? each : unwrapped(part(each, 'value'));
    if (name === '' || !made) facts.unclearExports ??= lineOf(each);
    else add(facts, scope, name, made);
  }
}

function add(facts: FactsDraft, scope: Scope, name: string, value: Node): void {
  const isName = value.type === 'Identifier';
  const local = isName ? nameOf(value) : `${EXPORTS}.${name}`;
  if (!isName) {
    facts.pieces.set(local, pieceFacts(value, scope));
    (scope.names as Map<string, Node>).set(local, value);
  }
  facts.exports.set(name, { local });
  facts.lines.set(name, lineOf(value));
  // Of a call nobody knows what else it answers.
  if (name === 'default' && value.type === 'CallExpression') facts.unclearExports ??= lineOf(value);
}

function mentionsExports(node: Node): boolean {
  let found = false;
  walk(node, (each) => {
    const owner = nameOf(part(each, 'object'));
    found ||= nameOf(each) === 'exports' || (owner === 'module' && nameOf(part(each, 'property')) === 'exports');
    return !found;
  });
  return found;
}
