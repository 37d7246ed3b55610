import { describe, expect, it } from 'vitest';
import { isHere } from './shell-types';

describe('isHere', () => {
  it('marks a place for itself and what lies below it, never for a neighbour with the same beginning', () => {
    expect(isHere('/deployments', '/deployments')).toBe(true);
    expect(isHere('/deployments/dep_1', '/deployments')).toBe(true);
    expect(isHere('/deployments-archive', '/deployments')).toBe(false);
    expect(isHere('/', '/deployments')).toBe(false);
  });
});
