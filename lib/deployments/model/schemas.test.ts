import { expect, test } from 'vitest';
import { PromoteInput, RedeployInput, RollBackInput, RollBackOrder, TriggerInput } from './schemas';

test('nobody takes a key of the console’s own; the console itself does', () => {
  for (const { shape } of [TriggerInput, RollBackInput, PromoteInput, RedeployInput]) {
    for (const taken of ['worse:dep_1234', 'retry:dep_1234:1'])
      expect(shape.idempotencyKey.safeParse(taken).error?.issues[0]?.message).toContain('one of the console’s own');
    for (const free of ['key_12345678', 'api-worse:1', 'worse-than-before'])
      expect(shape.idempotencyKey.safeParse(free).success).toBe(true);
  }
  expect(RollBackOrder.shape.idempotencyKey.safeParse('worse:dep_1234').success).toBe(true);
});
