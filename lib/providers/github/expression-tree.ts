import { ContextAccess, type Expr, Grouping, IndexAccess, Literal, Logical } from '@actions/expressions/ast';
import { Lexer, TokenType } from '@actions/expressions/lexer';
import { Parser } from '@actions/expressions/parser';

/** GitHub takes 21,000 characters of one expression; who decides between places needs far fewer. */
export const MAX_EXPRESSION = 4_000;

const CONTEXTS = [
  'github',
  'inputs',
  'vars',
  'needs',
  'strategy',
  'matrix',
  'env',
  'secrets',
  'job',
  'jobs',
  'runner',
  'steps',
];
const FUNCTIONS = ['always', 'cancelled', 'failure', 'success', 'hashFiles'].map((name) => ({
  ...{ name, minArgs: 0, maxArgs: 255 },
}));

/** A text as it is written, or an expression inside `${{ … }}`. */
export type Part = string | Expr;

/**
 * A text with its expressions read by GitHub's own parser; null where one is not closed, wrong, or longer or deeper than is read.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export function templateOf(text: string): Part[] | null {
  if (text.length > MAX_EXPRESSION) return null;
  const parts: Part[] = [];
  let at = 0;
  for (let start = text.indexOf('${{'); start >= 0; start = text.indexOf('${{', at)) {
    const end = endOf(text, start + 3);
    const expr = end < 0 ? null : expressionOf(text.slice(start + 3, end));
    if (!expr) return null;
    if (start > at) parts.push(text.slice(at, start));
    parts.push(expr);
    at = end + 2;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/** Where the expression ends that begins here; braces inside its texts end nothing. */
function endOf(text: string, start: number): number {
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "'") isQuoted = !isQuoted;
    if (!isQuoted && text.startsWith('}}', at)) return at;
  }
  return -1;
}

/** One expression, without its braces; null where GitHub would refuse it, or it is too long. */
export function expressionOf(text: string): Expr | null {
  if (text.length > MAX_EXPRESSION) return null;
  try {
    return new Parser(new Lexer(text).lex().tokens, CONTEXTS, FUNCTIONS).parse() ?? null;
  } catch {
    return null;
  }
}

/** The sides of an expression that its value is one of: both of `a || b`, the last of `a && b`, what is inside brackets. */
export function sidesOf(expr: Expr): Expr[] {
  if (expr instanceof Grouping) return sidesOf(expr.group);
  if (!(expr instanceof Logical)) return [expr];
  return (expr.operator.type === TokenType.OR ? expr.args : expr.args.slice(-1)).flatMap(sidesOf);
}

/** A text that stands there as it is; null for all else. The parser takes only the first doubled quote for one. */
export function writtenText(expr: Expr): string | null {
  if (!(expr instanceof Literal) || expr.token.type !== TokenType.STRING) return null;
  return expr.token.lexeme.slice(1, -1).replaceAll("''", "'");
}

/** A property of a context, such as `github.event.inputs['x']`, as its names; null where one is worked out, and for all else. */
export function pathOf(expr: Expr): string[] | null {
  if (expr instanceof Grouping) return pathOf(expr.group);
  if (expr instanceof ContextAccess) return [expr.name.lexeme];
  if (!(expr instanceof IndexAccess) || !(expr.index instanceof Literal)) return null;
  const name = expr.index.token.type === TokenType.IDENTIFIER ? expr.index.token.lexeme : writtenText(expr.index);
  const above = pathOf(expr.expr);
  return above && name !== null ? [...above, name] : null;
}

/** Whether names lead to an input: `inputs.x` or `github.event.inputs.x`. Capitals do not matter. */
export function isInput(path: readonly string[]): boolean {
  const store = path.slice(0, -1).join('.').toLowerCase();
  return store === 'inputs' || store === 'github.event.inputs';
}

/** The name of an input; null for all else. */
export function inputOf(expr: Expr): string | null {
  const path = pathOf(expr);
  return path && isInput(path) ? (path.at(-1) ?? null) : null;
}
