import { expect, test } from 'vitest';
import type { Allowed, DeploymentDetail } from '@/lib/deployments/model/view';
import { wayOutInMs } from './way-out';

const NOW = Date.parse('2026-11-27T10:00:00Z');
const MINUTE = 60_000;
const yes: Allowed = { allowed: true, refusal: null };
const no = (code: string): Allowed => ({ allowed: false, refusal: { code, sentence: `No: ${code}.` } });

function inMs(status: string, minutes: number, actions: { cancel: Allowed; stopWaiting: Allowed }) {
  const statusSince = new Date(NOW - minutes * MINUTE).toISOString();
  return wayOutInMs({ status, statusSince, actions } as DeploymentDetail, NOW);
}

const off = { cancel: no('already_cancelling'), stopWaiting: no('not_verifying') };

test('an open page asks again once what cannot be cancelled can be left to itself', () => {
  expect(inMs('cancelling', 29, off)).toBe(MINUTE + 1_000);
  expect(inMs('building', 60, off)).toBe(60 * MINUTE + 1_000);
  expect(inMs('deploying', 59, off)).toBe(MINUTE + 1_000);
});

test('and again, while the database does not say yet that its time has come', () => {
  expect(inMs('cancelling', 31, off)).toBe(30_000);
});

test.each([
  ['can be cancelled', 'building', { cancel: yes, stopWaiting: no('not_verifying') }],
  ['can be left to itself by now', 'cancelling', { cancel: no('already_cancelling'), stopWaiting: yes }],
  ['may be left to itself by others only', 'cancelling', { cancel: no('forbidden'), stopWaiting: no('forbidden') }],
  ['has ended', 'failed', off],
] as const)('what %s is asked about at news alone', (_what, status, actions) => {
  expect(inMs(status, 40, actions)).toBeNull();
});
