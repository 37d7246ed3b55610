import { expect, test } from 'vitest';
import { notSettled } from './service';

const place = { cluster: 'acme', service: 'backend' };
const service = {
  serviceArn: 'arn:aws:ecs:us-east-1:111122223333:service/acme/backend',
  clusterArn: 'arn:aws:ecs:us-east-1:111122223333:cluster/acme',
};
const primary = (rolloutState?: string) => ({ status: 'PRIMARY', rolloutState });
const former = { status: 'ACTIVE', rolloutState: 'COMPLETED' };

test.each([
  ['alone and completed', [primary('COMPLETED')], null],
  ['failed', [primary('FAILED'), former], { sentence: expect.stringContaining('Deploy again'), passing: false }],
  ['failed with nothing left of before', [primary('FAILED')], { sentence: expect.anything(), passing: false }],
  ['under way', [primary('IN_PROGRESS'), former], { sentence: expect.stringContaining('Wait'), passing: true }],
  ['completed beside tasks of before', [primary('COMPLETED'), former], { sentence: expect.anything(), passing: true }],
  ['of an unknown state', [primary()], { sentence: expect.anything(), passing: true }],
  ['not the primary one', [former], { sentence: expect.anything(), passing: true }],
  ['not told', null, { sentence: expect.anything(), passing: true }],
])('only what all tasks run is copied: a deployment that is %s', (_, deployments, expected) => {
  expect(notSettled({ ...service, deployments }, place)).toEqual(expected);
});

test('what another controller deploys is refused for that, and said nothing of here', () => {
  expect(notSettled({ ...service, deploymentController: { type: 'CODE_DEPLOY' } }, place)).toBeNull();
});
