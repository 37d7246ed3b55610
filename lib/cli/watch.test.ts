import { expect, test } from 'vitest';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { EXIT } from './exit';
import { detailsOf, exitOf } from './watch';

/** As much of one as a terminal reads. */
const ended = (over: Partial<DeploymentDetail>) =>
  ({ failure: null, approval: null, gates: [], evidence: null, waitingFor: null, ...over }) as DeploymentDetail;

test('what was superseded says who took its place, and by which commit where nobody here did', () => {
  const failure = {
    code: 'older_than_live',
    sentence: 'abc1234 is older than def5678, which Vercel serves now.',
    step: null,
  };
  const supersededBy = { id: 'dep_43', number: 43 };
  const said = (over: Partial<DeploymentDetail>) =>
    detailsOf(ended({ status: 'superseded', supersededBy: null, ...over }));
  expect(said({ supersededBy })).toEqual(['#43 took its place before it was sent.']);
  expect(said({ supersededBy, failure })).toEqual(['#43 took its place before it was sent.', failure.sentence]);
  expect(said({ failure })).toEqual([failure.sentence]);
  expect(exitOf(ended({ status: 'superseded' })), 'not as a failure').toBe(EXIT.refused);
});
