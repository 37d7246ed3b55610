import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, csvRow, looksLikeFormula } from '@/lib/audit/model/csv';
import { runs } from './catalog';
import { DANGEROUS_CELLS, HARMLESS_CELLS } from './csv-cells';

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

describe('CSV that no spreadsheet runs', () => {
  test('there are thirty cases', () => expect(DANGEROUS_CELLS).toHaveLength(30));

  test.each(DANGEROUS_CELLS)('%s is text', (_name, text) => {
    const cell = csvCell(text);
    expect(cell.startsWith(`"'`)).toBe(true);
    expect(unmarked(readCsv(csvRow([text, 'next']))[0]?.[0])).toBe(text);
  });

  test.each(HARMLESS_CELLS)('%j is left as it is', (text) => {
    expect(looksLikeFormula(text)).toBe(false);
    expect(readCsv(csvRow([text]))).toEqual([[text]]);
  });

  test('an absent value and an empty one are told apart', () => {
    expect(csvRow([null, '', null])).toBe(',"",\r\n');
    expect(readCsv(csvRow([null, '', null]))).toEqual([[null, '', null]]);
  });

  test('generated rows: each cell comes back, and none begins like a formula', () => {
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
      { numRuns: runs('D13') },
    );
  });
});
