import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { Lexer, type Token } from 'marked';
import type { LexedReadme } from '../model/readme';

/** Characters; what is behind them is not shown. */
const MOST = 64_000;
/** marked takes time with the square of some texts, and nothing else runs in this process meanwhile. Milliseconds. */
const WITHIN = 250;
/** Objects in the tree, and how many of them stand inside each other: a quotation makes two, a list four. */
const [MANY, DEEP] = [50_000, 80];

/** What took too long, by its digest, and until when it is not tried again: whoever opens its page often stops nothing. */
const slow = new Map<string, number>();
const [KEPT, REST_MS] = [200, 600_000];

/** Takes a stranger's README apart within a bound of time, depth and size. Never throws. */
export function lexReadme(text: string): LexedReadme {
  const shown = text.slice(0, MOST);
  const isCut = text.length > MOST;
  const tokens = tokensOf(shown);
  return tokens ? { tokens, isCut } : { plain: shown, isCut };
}

function tokensOf(text: string): readonly Token[] | null {
  const digest = createHash('sha256').update(text).digest('hex');
  if ((slow.get(digest) ?? 0) > performance.now()) return null;
  try {
    const tokens: Token[] = runInNewContext('lex()', { lex: () => Lexer.lex(text) }, { timeout: WITHIN });
    return isBounded(tokens) ? tokens : null;
  } catch {
    // Cut off, or out of stack: marked's expressions are shared by all texts, and may stand in the middle of this one.
    rewind(Lexer.rules);
    remember(digest);
    return null;
  }
}

function remember(digest: string): void {
  slow.delete(digest);
  slow.set(digest, performance.now() + REST_MS);
  const [oldest] = slow.keys();
  if (slow.size > KEPT && oldest) slow.delete(oldest);
}

function rewind(rules: object): void {
  for (const rule of Object.values(rules)) {
    if (rule instanceof RegExp) rule.lastIndex = 0;
    else if (typeof rule === 'object' && rule !== null) rewind(rule);
  }
}

/** Without recursion: what it walks may be deeper than the stack. */
function isBounded(tokens: readonly Token[]): boolean {
  const left: [object, number][] = [[tokens, 0]];
  let seen = 0;
  for (let each = left.pop(); each; each = left.pop()) {
    const [inside, depth] = each;
    seen += 1;
    if (seen > MANY || depth > DEEP) return false;
    for (const value of Object.values(inside))
      if (typeof value === 'object' && value !== null) left.push([value, depth + 1]);
  }
  return true;
}
