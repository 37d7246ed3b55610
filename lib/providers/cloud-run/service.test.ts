import { expect, test } from 'vitest';
import { notSettled } from './service';

const store = { project: 'acme-prod', region: 'europe-west3', service: 'backend', container: null };
const revision = (name: string) => `projects/acme-prod/locations/europe-west3/services/backend/revisions/${name}`;
const to = (name: string) => [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: name, percent: 100 }];
const service = {
  etag: '"C2"',
  latestCreatedRevision: revision('backend-2'),
  latestReadyRevision: revision('backend-2'),
  trafficStatuses: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
};

test.each([
  ['is what serves', {}, null],
  ['is named as what serves', { trafficStatuses: to('backend-2') }, null],
  ['is on its way', { reconciling: true }, /on its way.*wait/],
  ['never became ready', { latestCreatedRevision: revision('backend-3') }, /backend-3.*Deploy once more/],
  ['is ready and another one is served', { trafficStatuses: to('backend-1') }, /backend-2.*does not serve/],
  ['is the first and never became ready', { latestReadyRevision: undefined }, /does not serve/],
  ['is not told', { latestCreatedRevision: undefined, latestReadyRevision: undefined }, /no revision yet/],
])('a change starts from nothing but what serves: the newest revision %s', (_, change, words) => {
  const said = notSettled({ ...service, ...change }, store);
  if (words === null) expect(said).toBeNull();
  else expect(said).toMatch(words);
});
