import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { onItsWaySays } from '@/lib/deployments/model/roll-back-words';
import { AheadNotice } from './ahead-notice';

type Ahead = Parameters<typeof onItsWaySays>[0];

const ahead = { id: 'dep_3', number: 3, cancelRequestedBy: null, capabilities: { cancel: true } };
const drawn = (more: Pick<Ahead, 'status'> & Partial<Ahead>) =>
  renderToStaticMarkup(<AheadNotice ahead={onItsWaySays({ ...ahead, ...more })} />);

it.each([
  [{ status: 'building' }, 'Cancel #3'],
  [{ status: 'verifying' }, 'Stop waiting for #3'],
  [{ status: 'cancelling' }, 'Open #3'],
  [{ status: 'cancelling', isOverlong: true }, 'Stop waiting for #3'],
  [{ status: 'deploying', isAtGallery: true }, 'Open #3'],
  [{ status: 'deploying', capabilities: { cancel: false } }, 'Open #3'],
  [{ status: 'deploying', capabilities: { cancel: false }, isOverlong: true }, 'Stop waiting for #3'],
] as const)('what goes first (%o) is named, with the page where it can be ended: %s', (facts, link) => {
  const text = drawn(facts).replaceAll('<!-- -->', '');
  expect(text).toContain('#3 is on its way there and goes first: a roll-back waits');
  expect(text).toMatch(new RegExp(`href="/deployments/dep_3"[^>]*>${link}<`));
});
