import { describe, expect, it } from 'vitest';
import { badgeOfAll, isHere } from './shell-types';

describe('isHere', () => {
  it('marks a place for itself and what lies below it, never for a neighbour with the same beginning', () => {
    expect(isHere('/deployments', '/deployments')).toBe(true);
    expect(isHere('/deployments/dep_1', '/deployments')).toBe(true);
    expect(isHere('/deployments-archive', '/deployments')).toBe(false);
    expect(isHere('/', '/deployments')).toBe(false);
  });
});

describe('badgeOfAll', () => {
  const item = (count: number, tone: 'bad' | 'warn') => ({
    ...{ href: '/x', label: 'X', icon: null },
    badge: { count, tone, label: 'waiting' },
  });

  it('adds up what waits at places behind “More”, in the gravest colour', () => {
    expect(badgeOfAll([item(1, 'warn'), item(2, 'bad'), item(4, 'warn')])).toMatchObject({ count: 7, tone: 'bad' });
  });

  it('is nothing where nothing waits', () => {
    expect(badgeOfAll([item(0, 'bad'), { href: '/y', label: 'Y', icon: null }])).toBeUndefined();
  });
});
