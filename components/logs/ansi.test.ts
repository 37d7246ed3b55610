import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogParser, MAX_LINE, MAX_SEGMENTS, parseLog } from './ansi';
import { PLAIN } from './style';

const ESC = '\u001b';

function texts(log: string): string[] {
  return parseLog(log).map((line) => line.text);
}

/** Text that likes to break parsers: escapes, controls, directions, halves of pairs. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ESC,
        `${ESC}[`,
        `${ESC}]8;;https://evil.example`,
        `${ESC}\\`,
        '\u0007',
        '\r',
        '\n',
        '\r\n',
        '\t',
        '\u202e',
        '\u2066',
        '\ud83d',
        '\ude80',
        '\u{1f680}',
        '\u{e0041}',
        '\u009b',
        '\ufeff',
        '31;1m',
        '38;5;196m',
        '38;2;1;2;3m',
        '##[group]',
        '::error::',
        '2026-01-02T03:04:05.1234567Z ',
        'x'.repeat(MAX_LINE - 3),
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('parser properties', () => {
  test('never throws, shows no control or direction character, and stays within its bounds', () => {
    fc.assert(
      fc.property(nasty, (input) => {
        for (const line of parseLog(input)) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the test.
          expect(line.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
          expect(line.text.isWellFormed()).toBe(true);
          expect(line.text.length).toBeLessThanOrEqual(MAX_LINE);
          expect(line.segments.length).toBeLessThanOrEqual(MAX_SEGMENTS);
          expect(line.segments.map((segment) => segment.text).join('')).toBe(line.text);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('a log cut into pieces anywhere reads the same as in one piece', () => {
    fc.assert(
      fc.property(nasty, fc.array(fc.nat(60), { minLength: 1, maxLength: 30 }), (input, sizes) => {
        const parser = new LogParser();
        for (let at = 0, i = 0; at < input.length; i++) {
          const size = (sizes[i % sizes.length] ?? 0) + 1;
          parser.push(input.slice(at, at + size));
          at += size;
        }
        const tail = parser.tail();
        expect(tail ? [...parser.lines, tail] : parser.lines).toEqual(parseLog(input));
      }),
      { numRuns: 1_000 },
    );
  });

  test('plain text comes out as it went in', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 80 })), (lines) => {
        const body = lines.map((line) => `>${line}`);
        expect(texts(body.join('\n'))).toEqual(body);
      }),
    );
  });
});

describe('colours', () => {
  test('named, bright, 256 and true colour land on the 16 of the theme', () => {
    const [line] = parseLog(
      `${ESC}[31mred${ESC}[0m${ESC}[92mbright${ESC}[m${ESC}[38;5;196mcube${ESC}[38;2;0;0;255mtrue`,
    );
    expect(line?.segments.map((segment) => [segment.text, segment.style.fg])).toEqual([
      ['red', 1],
      ['bright', 10],
      ['cube', 1],
      ['true', 4],
    ]);
  });

  test('colon forms are read, a colour space is skipped', () => {
    const [line] = parseLog(`${ESC}[38:2::255:0:0ma${ESC}[38:5:2mb${ESC}[4:0mc`);
    expect(line?.segments.map((segment) => segment.style.fg)).toEqual([1, 2]);
  });

  test('conceal does not hide text', () => {
    expect(parseLog(`${ESC}[8msecret`)[0]?.segments[0]).toEqual({ text: 'secret', style: PLAIN });
  });
});

describe('what must not get through', () => {
  test('links, titles and cursor moves are dropped, their text stays', () => {
    expect(
      texts(`a${ESC}]8;;https://evil.example${ESC}\\link${ESC}]8;;\u0007b${ESC}[2J${ESC}[10;10Hc${ESC}(B${ESC}c`),
    ).toEqual(['alinkbc']);
  });

  test('a string that never ends swallows its own line only', () => {
    expect(texts(`a${ESC}]0;title never ends\nnext`)).toEqual(['a', 'next']);
  });

  test('direction, zero-width and control characters are shown', () => {
    expect(texts('a\u202eb\u200bc\u0000d\u009be\u{e0041}')).toEqual(['a[U+202E]b[U+200B]c␀d[U+009B]e[U+E0041]']);
  });

  test('half of a pair becomes the replacement character', () => {
    expect(texts('a\ud83d b\ude80 \u{1f680}')).toEqual(['a\ufffd b\ufffd \u{1f680}']);
  });
});

describe('lines', () => {
  test('a carriage return writes over the line and keeps its time', () => {
    const [line, next] = parseLog('2026-01-02T03:04:05.1234567Z 10%\r50%\r100%\r\nnext');
    expect([line?.text, line?.at, next?.text, next?.at]).toEqual([
      '100%',
      '2026-01-02T03:04:05.1234567Z',
      'next',
      null,
    ]);
  });

  test('tabs align to eight columns after the time stamp', () => {
    expect(texts('2026-01-02T03:04:05Z ok\tpkg')).toEqual(['ok      pkg']);
  });

  test('runner marks are headlines without their prefix, coloured or not', () => {
    const log = [
      '##[group]Run make',
      '##[endgroup]',
      `${ESC}[31m##[error]exit code 1${ESC}[0m`,
      '::error file=app.py,line=3::broken',
      '::warning::old',
      '[command]/usr/bin/git version',
      '::nothing::stays',
    ];
    expect(parseLog(log.join('\n')).map((line) => [line.kind, line.text])).toEqual([
      ['group', 'Run make'],
      ['endgroup', ''],
      ['error', 'exit code 1'],
      ['error', 'broken'],
      ['warning', 'old'],
      ['command', '/usr/bin/git version'],
      ['text', '::nothing::stays'],
    ]);
  });

  // Once more, since an expression is compiled after its first use, and is then another one.
  test.each(['first', 'second'])(
    'a line of 50 million characters is cut, counted, and does not colour the rest, the %s time',
    () => {
      const [line, next] = parseLog(`${ESC}[31m${'x'.repeat(50_000_000)}${ESC}[0m\nafter`);
      expect(line?.text.length).toBe(MAX_LINE);
      expect(line?.cut).toBe(50_000_000 - MAX_LINE + 4);
      expect(next?.segments).toEqual([{ text: 'after', style: PLAIN }]);
    },
  );
});
