import { expect, test } from 'vitest';
import type { HeldBack } from './view';
import { whatStarts } from './what-starts';

const at = (targetId: string, ...queued: [number: number, ...alsoHeldBy: string[]][]): HeldBack => ({
  ...{ targetId, component: 'Portal', environment: 'Production', label: '', commitsBehind: null },
  queued: queued.map(([number, ...alsoHeldBy]) => ({
    ...{ id: `dep_${number}`, number, sha: 'a'.repeat(40), message: 'Mend the form', requestedBy: 'Ada' },
    alsoHeldBy,
  })),
});

test.each<[string, HeldBack[], string[]]>([
  ['nothing that waits', [at('a')], []],
  [
    'one',
    [at('a', [7]), at('b')],
    ['#7 starts at once, unless something else keeps it: a gate, or what is on its way there.'],
  ],
  [
    'one at each of two targets',
    [at('a', [7]), at('b', [8])],
    ['#7, #8 start at once, unless something else keeps them: a gate, or what is on its way there.'],
  ],
  [
    'two at one target',
    [at('a', [7], [9]), at('b', [8])],
    [
      '#7, #9, #8 start, those of one target one after the other, unless something else keeps them: a gate, or what is on its way there.',
    ],
  ],
  ['one that a lock holds as well', [at('a', [7, 'the lock of Ben'])], ['#7 is still held by the lock of Ben.']],
  [
    'some that other things hold as well',
    [at('a', [7], [9, 'the freeze “Q4”']), at('b', [8, 'the freeze “Q4”'], [10, 'the lock of Ben', 'the freeze “Q4”'])],
    [
      '#7 starts at once, unless something else keeps it: a gate, or what is on its way there.',
      '#9, #8 are still held by the freeze “Q4”.',
      '#10 is still held by the lock of Ben and the freeze “Q4”.',
    ],
  ],
  [
    'more than are named',
    [at('a', [1], [2], [3], [4], [5], [6], [7])],
    [
      '#1, #2, #3, #4, #5 and 2 more start, those of one target one after the other, unless something else keeps them: a gate, or what is on its way there.',
    ],
  ],
])('the end of a hold starts, of %s', (_, heldBack, says) => {
  expect(whatStarts(heldBack)).toEqual(says);
});
