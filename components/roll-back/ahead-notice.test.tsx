import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { onItsWaySays } from '@/lib/deployments/model/roll-back-words';
import type { DeploymentStatus } from '@/lib/deployments/model/status';
import { AheadNotice } from './ahead-notice';

const drawn = (status: DeploymentStatus) =>
  renderToStaticMarkup(<AheadNotice ahead={onItsWaySays({ id: 'dep_3', number: 3, status })} />);

it.each([
  ['building', 'Cancel #3'],
  ['verifying', 'Stop waiting for #3'],
  ['cancelling', 'Open #3'],
] as const)('what goes first (%s) is named, with the page where it can be ended', (status, link) => {
  const text = drawn(status).replaceAll('<!-- -->', '');
  expect(text).toContain('#3 is on its way there and goes first: a roll-back waits');
  expect(text).toMatch(new RegExp(`href="/deployments/dep_3"[^>]*>${link}<`));
});
