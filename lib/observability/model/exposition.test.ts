import { expect, test } from 'vitest';
import { exposition } from './exposition';

test('is what the format says, and a value of a label can end nothing', () => {
  const text = exposition([
    {
      name: 'a_total',
      help: 'One\\two\nthree.',
      type: 'counter',
      samples: [{ labels: { by: 'x"} 9\n\\' }, value: 1.5 }, { value: Number.NaN }],
    },
    { name: 'empty', help: 'None.', type: 'gauge', samples: [] },
  ]);
  expect(text).toBe(
    '# HELP a_total One\\\\two\\nthree.\n# TYPE a_total counter\na_total{by="x\\"} 9\\n\\\\"} 1.5\na_total NaN\n# HELP empty None.\n# TYPE empty gauge\n',
  );
});

test.each<[string, Record<string, string>]>([
  ['with space', {}],
  ['fine', { __own: '1' }],
  ['fine', { 'a-b': '1' }],
])('a name that the format does not know is a mistake of ours: %s %j', (name, labels) => {
  expect(() => exposition([{ name, help: '', type: 'gauge', samples: [{ labels, value: 1 }] }])).toThrow(/is no name/);
});
