import { describe, expect, it } from 'vitest';
import { cancellable, type EndingFacts, leavable } from './ending';
import { DEPLOYMENT_STATUSES, type DeploymentStatus } from './status';

const facts = (status: DeploymentStatus, over: Partial<EndingFacts> = {}): EndingFacts => ({
  ...{ status, cancelRequestedBy: 'ada', providerLabel: 'Scripted', capabilities: { cancel: true } },
  ...over,
});
const left = (over: Partial<EndingFacts>) => DEPLOYMENT_STATUSES.filter((each) => leavable(facts(each, over)).allowed);
const never = { capabilities: { cancel: false } };

describe('the way out of a deployment', () => {
  it('is to cancel it before anything of it runs, whatever its provider can stop', () => {
    const before = ['awaiting_approval', 'queued'];
    const can = (over: Partial<EndingFacts>) =>
      DEPLOYMENT_STATUSES.filter((each) => cancellable(facts(each, { ...never, ...over })).allowed);
    expect(can({})).toEqual(before);
    expect(cancellable(facts('submitting', { ...never, isUntaken: true })).allowed).toBe(true);
  });

  it('is to stop waiting at its check, and of what runs overlong only where nothing can stop it', () => {
    expect(left({})).toEqual(['verifying']);
    expect(left({ isOverlong: true })).toEqual(['verifying', 'cancelling']);
    expect(left(never)).toEqual(['verifying']);
    // Only what runs is ever overlong: the server says so.
    const runs = (each: DeploymentStatus) => each !== 'submitting';
    const overlong = ['building', 'deploying', 'verifying', 'cancelling'];
    expect(left({ ...never, isOverlong: true }).filter(runs)).toEqual(overlong);
    expect(left({ isAtGallery: true, isOverlong: true })).toEqual(expect.arrayContaining(overlong));
  });

  it.each(DEPLOYMENT_STATUSES)('is never the other one where that is refused as well (%s)', (status) => {
    for (const over of [{}, never, { isAtGallery: true }]) {
      const says = leavable(facts(status, over)).refusal?.sentence ?? '';
      expect(/Cancel it instead/.test(says)).toBe(
        !leavable(facts(status, over)).allowed && cancellable(facts(status, over)).allowed,
      );
    }
  });

  it.each([
    [
      'building',
      never,
      'Scripted cannot cancel a run once it has started. After two hours of building it can be left to itself by Stop waiting.',
    ],
    [
      'deploying',
      { isAtGallery: true },
      'The gallery has it already, and what it does with it cannot be cancelled. Wait for its end, or take it back on the page of the package. After one hour of deploying it can be left to itself by Stop waiting.',
    ],
    [
      'cancelling',
      {},
      'ada asked to cancel it; the provider has not confirmed yet. Half an hour after that was asked for it can be left to itself by Stop waiting.',
    ],
    ['submitting', never, 'Scripted cannot cancel a run once it has started.'],
  ] as const)('is said in one sentence, when there is none yet (%s)', (status, over, sentence) => {
    expect(cancellable(facts(status, over)).refusal?.sentence).toBe(sentence);
    expect(leavable(facts(status, over)).refusal).toEqual({ code: 'not_verifying', sentence });
  });
});
