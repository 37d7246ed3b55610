import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormField, InputValue } from '@/lib/providers/port';
import { checkField, defaultInputs, inputsSchema, MAX_PAYLOAD_CHARACTERS, payloadLength } from './inputs';

function field(name: string, type: FormField['type'], more: Partial<FormField> = {}): FormField {
  return { name, type, description: '', required: false, default: null, options: [], ...more };
}

function sentences(fields: FormField[], given: unknown, reserved?: number): Record<string, string> {
  const parsed = inputsSchema(fields, reserved).safeParse(given);
  if (parsed.success) return {};
  return Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]));
}

function accepted(fields: FormField[], given: unknown): Record<string, InputValue> {
  return inputsSchema(fields).parse(given);
}

const level = field('level', 'choice', { options: ['info', 'debug'], required: true });
const text = field('text', 'string');
const count = field('count', 'number');
const dry = field('dry', 'boolean');

describe('inputsSchema', () => {
  it('accepts what the form declares and fills defaults in', () => {
    const withDefault = field('region', 'string', { default: 'eu' });
    expect(accepted([level, withDefault, dry], { level: 'debug', dry: true })).toEqual({
      level: 'debug',
      region: 'eu',
      dry: true,
    });
  });

  it('leaves optional fields without a value out, so that the workflow decides', () => {
    expect(accepted([text, count, dry], { text: '', count: '', dry: undefined })).toEqual({});
  });

  it('sends a cleared default as empty text instead of letting it come back', () => {
    expect(accepted([field('note', 'string', { default: 'hello' })], { note: '' })).toEqual({ note: '' });
  });

  it.each([[undefined], [null], ['']])('demands a required field (%j)', (value) => {
    expect(sentences([level], { level: value })).toEqual({ level: 'This is required.' });
  });

  it('refuses unknown keys, each by its name', () => {
    expect(Object.keys(sentences([text], { text: 'a', tetx: 'b', other: 1 }))).toEqual(['tetx', 'other']);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'treats %s like any unknown key and pollutes nothing',
    (key) => {
      const given: unknown = JSON.parse(`{"${key}": {"polluted": true}}`);
      expect(Object.keys(sentences([text], given))).toEqual([key]);
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    },
  );

  it('does not take an inherited property for a value', () => {
    expect(accepted([field('toString', 'string')], {})).toEqual({});
  });

  it.each([[null], [[]], ['a=b'], [7], [undefined]])('refuses %j instead of an object', (given) => {
    expect(Object.keys(sentences([text], given))).toEqual(['']);
  });

  it('lets exactly 25 inputs through, ours included, and not one more', () => {
    const many = Array.from({ length: 24 }, (_, i) => field(`f${i}`, 'string'));
    expect(sentences(many, {}, 1)).toEqual({});
    expect(sentences(many, {}, 2)['']).toMatch(/more than 25/);
    expect(sentences([...many, text, count], {})['']).toMatch(/more than 25/);
  });
});

describe('numbers', () => {
  it.each([
    ['5', 5],
    [' 5 ', 5],
    ['-2.50', -2.5],
    ['1e3', 1000],
    ['.5', 0.5],
    [0, 0],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('takes %j as %d', (raw, value) => {
    expect(accepted([count], { count: raw })).toEqual({ count: value });
  });

  it.each([[-0], ['-0'], ['-0.0'], ['-1e-999']])('sends minus zero (%j) as plain zero', (raw) => {
    expect(Object.is(accepted([count], { count: raw }).count, 0)).toBe(true);
  });

  it.each([
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY],
    ['NaN'],
    ['Infinity'],
    ['1e309'],
    ['-1e309'],
    ['0x10'],
    ['0b1'],
    ['1_000'],
    ['1,5'],
    ['５'],
    ['5; rm -rf /'],
    [' '],
    [true],
    [[5]],
    [{ valueOf: () => 5 }],
  ])('refuses %j', (raw) => {
    expect(sentences([count], { count: raw })).toEqual({ count: 'Write a number, such as 5 or 0.25.' });
  });
});

describe('booleans', () => {
  it.each([
    [true, true],
    [false, false],
    ['true', true],
    ['false', false],
  ])('takes %j', (raw, value) => {
    expect(accepted([dry], { dry: raw })).toEqual({ dry: value });
  });

  it.each([['True'], ['FALSE'], ['yes'], ['on'], ['1'], [1], [0], [' true'], [[]], [{}]])('refuses %j', (raw) => {
    expect(Object.keys(sentences([dry], { dry: raw }))).toEqual(['dry']);
  });
});

describe('choices', () => {
  it.each([['trace'], ['INFO'], ['info '], ['info\n'], [0], [true], [['info']], ['__proto__']])(
    'refuses %j, which is no option',
    (raw) => {
      expect(sentences([level], { level: raw }).level).toMatch(/^Choose one of the options/);
    },
  );

  it('takes an environment from the list, or any name when the list is hidden', () => {
    const known = field('env', 'environment', { options: ['production'] });
    expect(accepted([known], { env: 'production' })).toEqual({ env: 'production' });
    expect(sentences([known], { env: 'prod' }).env).toMatch(/production/);
    expect(accepted([field('env', 'environment')], { env: 'anything' })).toEqual({ env: 'anything' });
  });
});

describe('text', () => {
  it.each([
    ['line one\nline two\r\n\ttabbed'],
    ['$(reboot)'],
    ['`id`'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the vendor's, which must stay text.
    ['${{ secrets.TOKEN }}'],
    ['--force'],
    ['"; DROP TABLE deployments; --'],
    ['🚀 \u{1F469}\u200D\u{1F4BB} e\u0301'],
    ['\u202Egnp.exe'],
    ['123n'],
  ])('passes %j on unchanged: it is data, never code', (value) => {
    expect(accepted([text], { text: value })).toEqual({ text: value });
  });

  it.each([['a\0b'], ['\uD800'], ['x\uDC00y']])('refuses what cannot be sent as UTF-8 (%j)', (value) => {
    expect(Object.keys(sentences([text], { text: value }))).toEqual(['text']);
  });

  it.each([[5], [true], [{}], [['a']], [Symbol.iterator]])('refuses a value that is not text (%o)', (value) => {
    expect(sentences([text], { text: value })).toEqual({ text: 'Write text.' });
  });
});

describe('payload size', () => {
  const frame = payloadLength([['text', '']]);
  const room = MAX_PAYLOAD_CHARACTERS - frame;

  it.each([
    ['ASCII', 'a'],
    ['combining characters', 'e\u0301'],
    ['astral characters, two units each', '😀'],
  ])('accepts 65,535 characters and refuses 65,536: %s', (_, unit) => {
    const filled = unit.repeat(Math.floor(room / unit.length)).padEnd(room, '.');
    expect(sentences([text], { text: filled })).toEqual({});
    expect(sentences([text], { text: `${filled}.` })['']).toMatch(/1 characters too long/);
  });

  it('counts what JSON makes of it: a newline is two characters', () => {
    expect(Object.keys(sentences([text], { text: '\n'.repeat(room / 2 + 1) }))).toEqual(['']);
  });

  it('leaves room for the inputs that we add', () => {
    expect(Object.keys(sentences([text], { text: 'a'.repeat(room) }, 2))).toEqual(['']);
  });
});

describe('defaultInputs', () => {
  it('starts choices unchosen, booleans off and the rest empty or at their default', () => {
    const fields = [level, text, dry, field('n', 'number', { default: 3 })];
    expect(defaultInputs(fields)).toEqual({ level: '', text: '', dry: false, n: 3 });
  });
});

it('never throws and never lets a value of the wrong type through, whatever is given', () => {
  const fields = [level, text, count, dry, field('env', 'environment', { options: ['a'] })];
  const anything = fc.dictionary(
    fc.constantFrom('level', 'text', 'count', 'dry', 'env', '__proto__', 'x'),
    fc.anything(),
  );
  fc.assert(
    fc.property(anything, (given) => {
      const parsed = inputsSchema(fields).safeParse(given);
      if (!parsed.success) return parsed.error.issues.every((issue) => issue.message.length > 0);
      return fields.every((each) => {
        const value = parsed.data[each.name];
        return value === undefined || (checkField(each, value).ok && JSON.stringify(value) !== 'null');
      });
    }),
    { numRuns: 2_000 },
  );
});
