import { describe, expect, test } from 'vitest';
import { withBadges } from './waiting';

const NAV = [
  { href: '/now', label: 'Now', icon: null },
  { href: '/approvals', label: 'Approvals', icon: null },
  { href: '/deployments', label: 'Deployments', icon: null },
  { href: '/holds', label: 'Holds', icon: null },
];

describe('the numbers beside the places', () => {
  test('stand where somebody goes for them, in words that fit the number', () => {
    const one = withBadges(NAV, { approvals: 1, questions: 2, holds: 1 });
    expect(one.map(({ badge }) => badge && `${badge.count} ${badge.label}`)).toEqual([
      undefined,
      '1 waits for you',
      '2 ask for a decision',
      '1 holds now',
    ]);
  });

  test('are left out until they are known', () => {
    expect(withBadges(NAV, undefined)).toBe(NAV);
  });
});
