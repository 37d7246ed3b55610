import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputsSchema, MAX_INPUTS, MAX_PAYLOAD_CHARACTERS } from '@/lib/deployments/model/inputs';
import { RefName } from '@/lib/deployments/model/schemas';
import { runs } from './catalog';
import { cpuTime } from './cpu-time';
import { DISPATCH_INPUTS, FIELDS, REF_NAMES } from './dispatch-inputs';

describe('D7: values for a workflow', () => {
  test.each(DISPATCH_INPUTS)('$name: $is', ({ given, is, sent, fields = FIELDS }) => {
    const worked = cpuTime();
    const parsed = inputsSchema(fields).safeParse(given);
    expect(worked()).toBeLessThan(2_000);
    expect(parsed.success ? 'ok' : 'refused').toBe(is);
    if (parsed.success) expect(parsed.data).toEqual(sent ?? given);
    else for (const issue of parsed.error.issues) expect(issue.message.length).toBeLessThan(300);
  });

  test.each(REF_NAMES)('the ref %j: %s', (name, fits) => {
    expect(RefName.safeParse(name).success).toBe(fits);
  });

  test('whatever is sent, only declared names of declared types go out, within the limits', {
    timeout: 120_000,
  }, () => {
    const value = fc.oneof(
      fc.constantFrom(
        ...DISPATCH_INPUTS.flatMap(({ given }) => Object.values((given ?? {}) as object)).filter(
          (each) => String(each).length < 200,
        ),
      ),
      fc.anything({ maxDepth: 1 }),
      fc.string({ unit: 'binary' }),
    );
    const names = fc.oneof(
      fc.constantFrom(...FIELDS.map(({ name }) => name), '__proto__', 'constructor'),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.dictionary(names, value, { maxKeys: 8 }), (given) => {
        const parsed = inputsSchema(FIELDS).safeParse(given);
        if (!parsed.success) return;
        const entries = Object.entries(parsed.data);
        expect(entries.length).toBeLessThanOrEqual(MAX_INPUTS);
        expect(JSON.stringify(parsed.data).length).toBeLessThanOrEqual(MAX_PAYLOAD_CHARACTERS);
        for (const [name, sent] of entries) {
          const declared = FIELDS.find((each) => each.name === name);
          expect(declared, name).toBeDefined();
          if (declared?.type === 'number') expect(Number.isFinite(sent)).toBe(true);
          if (declared?.type === 'boolean') expect(typeof sent).toBe('boolean');
          if (declared && declared.options.length > 0) expect(declared.options).toContain(sent);
        }
        expect(parsed.data.must).toBeTruthy();
      }),
      { numRuns: runs('D7') },
    );
    expect(({} as Record<string, unknown>).level).toBeUndefined();
  });
});
