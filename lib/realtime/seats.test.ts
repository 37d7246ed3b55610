import { expect, test } from 'vitest';
import { STREAMS_PER_PERSON, takeSeat } from './seats';

test('a person holds at most ten streams; others are not affected, and a closed one makes room', () => {
  const mine = Array.from({ length: STREAMS_PER_PERSON }, () => takeSeat('usr_a'));
  expect(STREAMS_PER_PERSON).toBe(10);
  expect(mine.every((leave) => leave !== null)).toBe(true);
  expect(takeSeat('usr_a')).toBeNull();
  const other = takeSeat('usr_b');
  expect(other).not.toBeNull();
  mine[0]?.();
  mine[0]?.();
  const next = takeSeat('usr_a');
  expect(next).not.toBeNull();
  expect(takeSeat('usr_a')).toBeNull();
  for (const leave of [...mine, next, other]) leave?.();
  const again = Array.from({ length: STREAMS_PER_PERSON + 1 }, () => takeSeat('usr_a'));
  expect(again.filter((leave) => leave === null)).toHaveLength(1);
  for (const leave of again) leave?.();
});
