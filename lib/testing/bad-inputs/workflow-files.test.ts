import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formFrom } from '@/lib/providers/github/workflow-form';
import { ProviderError } from '@/lib/providers/port';
import { runs } from './catalog';
import { cpuTime } from './cpu-time';
import { WORKFLOW_FILES } from './workflow-files';

const SOURCE = { path: 'deploy.yml', sha: 'a'.repeat(40), url: 'https://forge.test/deploy.yml' };

/** `form`, or `refused` with a sentence; anything else that is thrown is a bug. */
function read(text: string): 'form' | 'refused' {
  try {
    const form = formFrom(text, SOURCE, ['staging']);
    expect(form.fields.length).toBeLessThanOrEqual(25);
    for (const field of form.fields) expect(field.description.length).toBeLessThanOrEqual(1_000);
    return 'form';
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    expect(error.message.length).toBeLessThan(1_000);
    return 'refused';
  }
}

describe('D5: a workflow file by anybody', () => {
  test.each(WORKFLOW_FILES)('$name: $is, within two seconds', ({ text, is }) => {
    const worked = cpuTime();
    expect(read(text)).toBe(is);
    expect(worked()).toBeLessThan(2_000);
  });

  test('a file changed anywhere is read or refused, and changes nothing around it', { timeout: 120_000 }, () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'on:',
        'workflow_dispatch:',
        'inputs:',
        '\n  ',
        '\n    ',
        '\n',
        ': ',
        '- ',
        '? ',
        '&a ',
        '*a',
        '<<: ',
        '!!js ',
        '[',
        ']',
        '{',
        '}',
        '|',
        '>',
        "'",
        '"',
        '#',
        '%',
        '@',
        '`',
        '\t',
        '\u0000',
        '\u0085',
        '\ufeff',
        '__proto__',
        'constructor',
        'type: choice',
        'options: ',
        'default: ',
        'true',
        'null',
        '.inf',
        '0x1F',
        '2001-01-01',
      ),
      fc.string({ maxLength: 6 }),
    );
    const seeds = WORKFLOW_FILES.map(({ text }) => text).filter((text) => text.length < 400);
    const file = fc
      .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(400), fc.nat(6), piece), { maxLength: 6 }))
      .map(([seed, edits]) =>
        edits.reduce(
          (text, [at, cut, put]) =>
            text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + cut),
          seed,
        ),
      );
    fc.assert(
      fc.property(file, (text) => {
        const worked = cpuTime();
        read(text);
        expect(worked()).toBeLessThan(2_000);
      }),
      { numRuns: runs('D5') },
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('dispatch');
    expect(({} as Record<string, unknown>).workflow_dispatch).toBeUndefined();
  });
});
