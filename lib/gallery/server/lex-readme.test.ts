import { Lexer, lexer, type Token } from 'marked';
import { describe, expect, it, test } from 'vitest';
import { lexReadme } from './lex-readme';

const HOSTILE: [string, string][] = [
  ['emphasis that opens and never ends', '*_a'.repeat(20_000)],
  ['one mark, many times', '_a'.repeat(30_000)],
  ['marks that are tried with each other', '*a_b '.repeat(12_000)],
  ['brackets', '['.repeat(60_000)],
  ['code that never ends', '`a``b'.repeat(12_000)],
  ['a table of many columns and rows', `|${'a|'.repeat(10_000)}\n|${'-|'.repeat(10_000)}\n${'|\n'.repeat(10_000)}`],
  ['quotations inside each other', '>'.repeat(2_000)],
  ['quotations that marked still takes', '>'.repeat(1_000)],
  ['lists inside each other', Array.from({ length: 200 }, (_, at) => `${' '.repeat(2 * at)}- a`).join('\n')],
];

/** Objects that stand inside each other. */
const deepest = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(deepest)) : 0;

/** Expressions of marked that would go on in the middle of the next text. */
const midway = (rules: object): RegExp[] =>
  Object.values(rules).flatMap((rule) =>
    rule instanceof RegExp
      ? rule.lastIndex === 0
        ? []
        : [rule]
      : typeof rule === 'object' && rule
        ? midway(rule)
        : [],
  );

describe('a README that is written to stop this process', () => {
  test.each(HOSTILE)('%s: within its time, and shallow enough to be drawn', (_, text) => {
    const before = performance.now();
    const readme = lexReadme(text);
    // Quadratic, each takes many seconds; the bound is 250 ms, and this machine may be busy.
    expect(performance.now() - before).toBeLessThan(2_500);
    if ('plain' in readme) expect(readme.plain).toBe(text);
    else expect(deepest(readme.tokens)).toBeLessThan(100);
  });

  test.each(HOSTILE.slice(0, 1))('%s: is plain text, and at once the next time', (_, text) => {
    expect(lexReadme(text)).toEqual({ plain: text, isCut: false });
    const before = performance.now();
    for (let view = 0; view < 50; view++) lexReadme(text);
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('leaves nothing behind that another README is taken apart by', () => {
    const text = 'See [the site] and [x][the site], *so* **it** is.\n\n[the site]: https://acme.example\n';
    const [alone] = lexer(text);
    expect(lexReadme(`${HOSTILE[0]?.[1]} once more`)).toHaveProperty('plain');
    expect(midway(Lexer.rules)).toEqual([]);
    for (const [, hostile] of HOSTILE) {
      lexReadme(`${hostile}[a][b]`);
      const read = lexReadme(text);
      expect('tokens' in read && (read.tokens[0] as Token)).toEqual(alone);
    }
  });
});

it('shows the beginning of one that is too long, and says so', () => {
  const long = lexReadme('A line of words.\n\n'.repeat(10_000));
  expect(long).toMatchObject({ isCut: true });
  const short = lexReadme('# Demo');
  expect(short.isCut).toBe(false);
  expect('tokens' in short && short.tokens.map(({ type, raw }) => [type, raw])).toEqual([['heading', '# Demo']]);
});
