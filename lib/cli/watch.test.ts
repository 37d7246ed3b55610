import { expect, test } from 'vitest';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { Client } from './client';
import { EXIT } from './exit';
import { sit } from './testing/sit';
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

test('whom it waits for is one sentence, also where the console’s own is one already', () => {
  const said = (waitingFor: string) => detailsOf(ended({ status: 'deploying', waitingFor }));
  expect(said('a free runner')).toEqual(['Waiting for a free runner.']);
  expect(said('The run ended (failed). Cancel stops looking.')).toEqual([
    'The run ended (failed). Cancel stops looking.',
  ]);
});

test('what is under way and one deployment are named by the target that the commands take, with its label', async () => {
  const here = (label: string) => ({
    ...{ id: 'dep_7', number: 7, status: 'building', label, headline: { sentence: '' } },
    ...{ component: { slug: 'extension', name: 'Extension' }, environment: { slug: 'live', name: 'Live' } },
    revision: { sha: 'a'.repeat(40), ref: 'main' },
  });
  const client = (label: string) => {
    const now = { headline: { sentence: 'All quiet.' }, inFlight: [here(label)] };
    const get = async (path: string) => (path === '/now' ? now : ended(here(label) as unknown as DeploymentDetail));
    return { url: 'https://console.example', get } as unknown as Client;
  };
  expect((await sit('status', [], client('Open VSX'))).out).toContain('#7 extension/live:Open VSX: building');
  expect((await sit('status', [], client(''))).out).toContain('#7 extension/live: building');
  expect((await sit('status', ['dep_7'], client('Open VSX'))).out).toMatch(/^#7 extension\/live:Open VSX at aaaaaaa/);
});
