import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogParser, MAX_LINE, MAX_LINES, MAX_SEGMENTS, parseLog } from '@/components/logs/ansi';
import { visibleLines } from '@/components/logs/folds';
import type { LogLine } from '@/components/logs/line';
import { findMatches, MAX_MATCHES } from '@/components/logs/search';
import { runs } from './catalog';
import { cpuTime } from './cpu-time';
import { LOGS, SEARCHES } from './logs';

// Everything that hides, reorders or controls; tabs and line ends are gone by then too.
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not come out.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/u;

function check(lines: readonly LogLine[]): void {
  expect(lines.length).toBeLessThanOrEqual(MAX_LINES + 1);
  for (const line of lines) {
    expect(line.text.length).toBeLessThanOrEqual(MAX_LINE);
    expect(line.segments.length).toBeLessThanOrEqual(MAX_SEGMENTS);
    if (HIDDEN.test(line.text)) expect(line.text).not.toMatch(HIDDEN);
    if (!line.text.isWellFormed()) expect(line.text).toBe(line.text.toWellFormed());
    const joined = line.segments.map(({ text }) => text).join('');
    if (joined !== line.text) expect(joined).toBe(line.text);
  }
}

describe('D6: a log by anybody', () => {
  test.each(LOGS)('$name', ({ log, shows, hides, lines }) => {
    const worked = cpuTime();
    const parsed = parseLog(log);
    expect(worked()).toBeLessThan(2_000);
    check(parsed);
    const text = parsed
      .slice(-2_000)
      .map((line) => line.text)
      .join('\n');
    if (shows !== undefined) expect(text).toContain(shows);
    if (hides !== undefined) expect(text).not.toContain(hides);
    if (lines !== undefined) expect(parsed).toHaveLength(lines);
  });

  test.each(SEARCHES)('a search for %j is text, not a pattern, and fast', (query) => {
    const lines = parseLog(`${'a'.repeat(3_900)}!\n`.repeat(2_000));
    const worked = cpuTime();
    const { matches } = findMatches(lines, query);
    expect(worked()).toBeLessThan(2_000);
    expect(matches.length).toBeLessThanOrEqual(MAX_MATCHES);
  });

  test('whatever is printed, and wherever it is cut, only clean text comes out', { timeout: 240_000 }, () => {
    const seeds = LOGS.map(({ log }) => log).filter((log) => log.length < 200);
    const piece = fc.oneof(fc.constantFrom(...seeds), fc.string({ unit: 'binary', maxLength: 10 }));
    const log = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(log, fc.array(fc.nat(500), { maxLength: 5 }), (text, cuts) => {
        const whole = parseLog(text);
        check(whole);
        expect(visibleLines(whole, new Set([1, 3])).length).toBeLessThanOrEqual(whole.length);
        const parser = new LogParser();
        let from = 0;
        for (const cut of [...cuts.map((at) => at % (text.length + 1)).sort((a, b) => a - b), text.length]) {
          parser.push(text.slice(from, cut));
          from = cut;
        }
        const tail = parser.tail();
        expect([...parser.lines, ...(tail ? [tail] : [])].map((line) => line.text)).toEqual(
          whole.map((line) => line.text),
        );
      }),
      { numRuns: runs('D6') },
    );
  });
});
