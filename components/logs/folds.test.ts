import { describe, expect, test } from 'vitest';
import { parseLog } from './ansi';
import { errorExcerpt, firstError, groupOf, visibleLines } from './folds';
import { findMatches } from './search';

const lines = parseLog(
  ['start', '##[group]Run make', 'make all', 'cc -c a.c', '##[endgroup]', 'link', '##[error]exit code 2', 'end'].join(
    '\n',
  ),
);

function shown(folded: number[]): (string | undefined)[] {
  return visibleLines(lines, new Set(folded)).map((line) => lines[line.index]?.text);
}

describe('folds', () => {
  test('an open group shows its lines, a folded one its headline and how many it hides', () => {
    expect(shown([])).toEqual(['start', 'Run make', 'make all', 'cc -c a.c', 'link', 'exit code 2', 'end']);
    expect(shown([2])).toEqual(['start', 'Run make', 'link', 'exit code 2', 'end']);
    expect(visibleLines(lines, new Set([2]))[1]?.group).toEqual({ open: false, size: 2 });
  });

  test('a line knows the group that hides it', () => {
    expect([groupOf(lines, 3), groupOf(lines, 5), groupOf(lines, 1)]).toEqual([2, null, null]);
  });

  test('the first error is the one the runner marked, not a word in a sentence', () => {
    const log = parseLog('0 errors so far\nError: no such file\n##[error]exit code 1');
    expect(firstError(log)).toBe(2);
    expect(firstError(log.slice(0, 2))).toBe(1);
    expect(firstError(log.slice(0, 1))).toBe(-1);
    expect(errorExcerpt(lines).map((line) => line.text)).toEqual([
      'start',
      'Run make',
      'make all',
      'cc -c a.c',
      'link',
      'exit code 2',
      'end',
    ]);
  });
});

describe('search', () => {
  test('what is typed is literal and case does not matter', () => {
    const log = parseLog('a.b (x+)+ A.B\nazb');
    expect(findMatches(log, 'A.b').matches).toEqual([
      { line: 0, start: 0, end: 3 },
      { line: 0, start: 10, end: 13 },
    ]);
    expect(findMatches(log, '(x+)+').matches).toHaveLength(1);
  });

  test('marks stay in place on letters that grow in lower case', () => {
    const log = parseLog('İİ Error');
    expect(findMatches(log, 'ERROR').matches).toEqual([{ line: 0, start: 3, end: 8 }]);
  });

  test('stops at its cap and says so', () => {
    const found = findMatches(parseLog(`${'x'.repeat(3_000)}\n${'x'.repeat(3_000)}`), 'x');
    expect([found.matches.length, found.more]).toEqual([5_000, true]);
  });
});
