import { expect, test } from 'vitest';
import { headlineOf } from './headline';

test('what is live and worse is said first, with the number, its deployment and what to do', () => {
  const now = Date.parse('2026-11-01T12:05:00Z');
  const nothing = { unknown: [], connections: [], production: [], inFlight: [], last: null, drift: [], forYou: [] };
  const worse = [
    {
      ...{
        id: 'dep_12',
        number: 12,
        component: 'API',
        environment: 'Production',
        label: '',
        since: '2026-11-01T12:00:00Z',
      },
      why: 'Error rate: 0.2 % before, 4.1 % since.',
      goesBack: false,
    },
  ];
  expect(headlineOf({ now, ...nothing, worse })).toEqual({
    tone: 'bad',
    sentence:
      'API in Production is worse since deployment #12, seen 5 min ago. Error rate: 0.2 % before, 4.1 % since. Rolling back is suggested.',
    href: '/deployments/dep_12',
    since: '2026-11-01T12:00:00Z',
  });
  expect(headlineOf({ now, ...nothing, worse: [] }).tone).toBe('good');
  const labelled = worse.map((each) => ({ ...each, label: 'Open VSX' }));
  expect(headlineOf({ now, ...nothing, worse: labelled }).sentence).toMatch(/^API in Production \(Open VSX\) is worse/);
});
