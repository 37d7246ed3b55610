import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { STATUS_VIEW } from '@/lib/deployments/model/status';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { EVENTS } from '@/lib/notifications/model/events';
import { StandingNotices } from './standing-notices';

/** As much of one as its notices read. */
const superseded = (over: Partial<DeploymentDetail>) =>
  ({
    status: 'superseded',
    provider: { label: 'Vercel', runsAt: 'Vercel' },
    supersededBy: null,
    failure: null,
    ...over,
  }) as DeploymentDetail;
const drawn = (over: Partial<DeploymentDetail>) =>
  renderToStaticMarkup(<StandingNotices deployment={superseded(over)} />);
const failure = {
  code: 'older_than_live',
  sentence: 'abc1234 is older than def5678, which Vercel serves now.',
  step: null,
};

it('what was superseded leads to the deployment that took its place, also where that overtook it at the host', () => {
  for (const html of [
    drawn({ supersededBy: { id: 'dep_43', number: 43 } }),
    drawn({ supersededBy: { id: 'dep_43', number: 43 }, failure }),
  ]) {
    expect(html).toContain('#43 took its place before it was sent');
    expect(html).toContain('It was never sent to Vercel.');
    expect(html).toMatch(/<a [^>]*href="\/deployments\/dep_43"/);
  }
});

it('what nobody here put live is said by its commit', () => {
  const html = drawn({ failure });
  expect(html).toContain('Something else took its place before it was sent');
  expect(html).toContain(failure.sentence);
  expect(html).not.toContain('<a ');
});

it('nothing says newer of what took its place: it may be an earlier build that the host went back to', () => {
  const moved = { code: 'moved_on', sentence: 'Another deployment is live since.', step: null };
  expect(drawn({ failure: moved })).not.toMatch(/newer/i);
  expect(STATUS_VIEW.superseded.says).not.toMatch(/newer/i);
  expect(EVENTS['deployment.superseded']).not.toMatch(/newer/i);
});
