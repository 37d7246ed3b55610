import { type Expr, Logical } from '@actions/expressions/ast';
import { TokenType } from '@actions/expressions/lexer';
import { inputOf, templateOf } from './expression-tree';

/** Characters of a title that are looked at. */
const MAX_TITLE = 300;

export interface TitlePattern {
  test(title: string): boolean;
}

/**
 * The titles of runs with these inputs, from the workflow's `run-name`; null when it shows none of them, or cannot be read.
 * Each piece is sought once, from where the one before it ended: both the name and the title are written by others.
 */
export function titlePattern(
  runName: string,
  inputs: Record<string, unknown>,
  capitals: 'as written' | 'any case' = 'as written',
): TitlePattern | null {
  const pieces = piecesOf(runName, inputs);
  if (!pieces) return null;
  const plain = (text: string) => (capitals === 'any case' ? text.toLowerCase() : text).replace(/\s+/g, ' ');
  const wanted = pieces.map(plain);
  return { test: (title) => fits(wanted, plain(title.slice(0, MAX_TITLE)).trim()) };
}

/** What stands there for certain, in order, with anything between two of them. */
function piecesOf(runName: string, inputs: Record<string, unknown>): string[] | null {
  const values = new Map(Object.entries(inputs).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const pieces = [''];
  let told = 0;
  for (const part of templateOf(runName.trim()) ?? []) {
    const shown = typeof part === 'string' ? part : values.get(shownInput(part)?.toLowerCase() ?? '');
    if (shown !== undefined) pieces.push(`${pieces.pop() ?? ''}${shown}`);
    else if (pieces.length === 1 || pieces.at(-1) !== '') pieces.push('');
    if (typeof part !== 'string' && shown !== undefined) told++;
  }
  return told > 0 ? pieces : null;
}

/** An input, with or without what stands for it while it is empty. */
function shownInput(expr: Expr): string | null {
  const [first] = expr instanceof Logical && expr.operator.type === TokenType.OR ? expr.args : [expr];
  return first ? inputOf(first) : null;
}

/** Empty inputs leave gaps: one blank may end a piece and begin the next, and the title's end is as good as a blank. */
function fits([first = '', ...rest]: readonly string[], title: string): boolean {
  const last = rest.pop();
  if (last === undefined) return title === first.trim();
  const padded = `${title} `;
  if (!padded.startsWith(first)) return false;
  let end = first.length;
  const from = (piece: string) => (piece.startsWith(' ') && padded[end - 1] === ' ' ? end - 1 : end);
  for (const piece of rest) {
    const at = padded.indexOf(piece, from(piece));
    if (at < 0) return false;
    end = at + piece.length;
  }
  const ending = last.trimEnd();
  return ending === '' || (title.endsWith(ending) && title.length - ending.length >= from(ending));
}
