import { expect, test } from 'vitest';
import type { GateView } from '@/lib/gates/model/gate';
import { opensInMs } from './opens-in';

const NOW = Date.parse('2026-11-27T12:00:00.000Z');

function gate(state: GateView['state'], until: string | null): GateView {
  return { kind: 'soak', state, until } as GateView;
}

test('the first closed gate that opens by itself says when the next question is worth it', () => {
  const gates = [gate('closed', '2026-11-27T12:00:45.000Z'), gate('closed', '2026-11-27T12:00:05.000Z')];
  expect(opensInMs(gates, NOW)).toBe(7_000);
});

test('a time that has passed is asked about soon, one far away is looked at again in ten minutes', () => {
  expect(opensInMs([gate('closed', '2026-11-27T11:59:00.000Z')], NOW)).toBe(2_000);
  expect(opensInMs([gate('waiting', '2026-11-28T12:00:00.000Z')], NOW)).toBe(600_000);
});

test('open gates, gates without a time and times that are none ask for nothing', () => {
  expect(opensInMs([gate('open', '2026-11-27T12:00:05.000Z'), gate('closed', null), gate('closed', 'soon')], NOW)).toBe(
    null,
  );
});
