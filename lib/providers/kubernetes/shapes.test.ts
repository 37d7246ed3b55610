import { describe, expect, it } from 'vitest';
import { agesOf } from './ages';
import { scopesOf } from './credential';
import { selectorOf } from './running';

describe('a token with more rights than it needs', () => {
  it('is told by what it may do, however the rule is written', () => {
    const rules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
    expect(scopesOf(rules)).toEqual(['* configmaps', '* deployments', '* pods', '* replicasets', '* secrets']);
    expect(scopesOf([{ verbs: ['get'], resources: ['nodes'] }])).toEqual([]);
  });
});

describe('what the API says in its own way', () => {
  it.each([
    [{ matchLabels: { app: 'a', tier: 'b' } }, 'app=a,tier=b'],
    [{ matchExpressions: [{ key: 'k', operator: 'In', values: ['a', 'b'] }] }, 'k in (a,b)'],
    [{ matchLabels: { app: 'a' }, matchExpressions: [{ key: 'k', operator: 'DoesNotExist' }] }, 'app=a,!k'],
    [{ matchExpressions: [{ key: 'k', operator: 'Gt', values: ['1'] }] }, null],
    [{ matchExpressions: [{ key: 'k', operator: 'constructor' }] }, null],
    [{}, null],
  ])('the selector %j', (selector, expected) => {
    expect(selectorOf(selector)).toBe(expected);
  });

  it('of two managers of a key the newer counts, and what nobody owns has no age', () => {
    const line = (time: string | null, ...keys: string[]) => ({
      time,
      fieldsV1: { 'f:data': Object.fromEntries([['.', {}], ...keys.map((key) => [`f:${key}`, {}])]) },
    });
    const ages = agesOf({
      managedFields: [
        line('2026-01-02T00:00:00Z', 'A', 'B'),
        line('2026-01-01T00:00:00Z', 'A'),
        line(null, 'C'),
        { time: 'x' },
      ],
    });
    expect([...ages]).toEqual([
      ['A', '2026-01-02T00:00:00.000Z'],
      ['B', '2026-01-02T00:00:00.000Z'],
    ]);
    expect(agesOf({ managedFields: null }).size).toBe(0);
  });
});
