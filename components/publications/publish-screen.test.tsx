import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { PublicationCell, PublishPlace, PublishPlan } from '@/lib/publications/model/view';
import { PublishGates } from './publish-gates';
import { PublishScreen } from './publish-screen';
import { RecallButtons } from './recall-buttons';
import { whyNot } from './use-publish';

const idle = { run: async () => ({ ok: false }), pending: false, refusal: null, fields: {}, clear: () => undefined };
vi.mock('@/components/console/use-action', () => ({ useAction: () => idle }));

const never = async () => Promise.reject(new Error('Nothing is pressed here.'));
const actions = {
  publish: never,
  recall: never,
  unpublish: never,
  makeNamespace: never,
  createOwn: never,
  becomeOwner: never,
};

function place(change: Partial<PublishPlace> = {}): PublishPlace {
  return {
    ...{ targetId: 'tgt_own', name: 'Extension · Production', gallery: 'Our gallery', audience: 'own' as const },
    ...{ environment: { slug: 'production', name: 'Production' }, extension: 'acme.demo', channel: 'both' },
    ...{ notice: null, recall: { version: 'unlist' as const, extension: 'guide' as const, steps: [] } },
    ...{ mayPublish: true, unpublishing: null, closed: null, mayOverride: false, goesBackTo: null },
    ...{ run: null, checklist: [], approvals: 0, cell: null, namespace: null, ownNamespace: null },
    ...change,
  };
}

const cell = (state: PublicationCell['state']): PublicationCell => ({
  ...{ targetId: 'tgt_own', state, since: '2026-11-20T10:00:00Z', deadlineAt: null, overdue: false },
  ...{
    detail: null,
    url: null,
    lookedAt: '2026-11-26T10:00:00Z',
    provenAt: '2026-11-20T10:00:00Z',
    deploymentId: 'dep_1',
  },
});

function drawn(places: PublishPlace[], scan = 'passed'): string {
  const what = { packageId: 'a'.repeat(64), extension: 'acme.demo', version: '1.0.0', targetPlatform: 'universal' };
  const plan: PublishPlan = {
    package: { ...what, prerelease: false, scan, cells: [] },
    ...{ goesBackTo: places[0]?.goesBackTo ?? null, places, idempotencyKey: 'key_12345678' },
  };
  return renderToStaticMarkup(<PublishScreen plan={plan} actions={actions} />);
}

const boxes = (html: string) =>
  [...html.matchAll(/<input[^>]*type="checkbox"[^>]*>/g)].map(([box]) => ({
    checked: /\schecked/.test(box),
    disabled: /\sdisabled/.test(box),
  }));

test('a place where the older one was live is named as one that is rolled back, and no other', () => {
  const back = place({ goesBackTo: { packageId: 'b'.repeat(64), version: '0.9.0' } });
  const html = drawn([back, place({ targetId: 'tgt_open', name: 'Extension · Elsewhere' })]);
  expect(html).toContain('This is 0.9.0 again');
  expect(html).toContain('Extension · Production: publishing it there counts as a roll-back.');
  expect(drawn([place()])).not.toContain('roll-back');
});

test('a place that a workflow publishes to says by which one, and in which environment', () => {
  const run = { workflow: 'publish.yml', environment: null };
  expect(drawn([place({ run })])).toContain('By publish.yml, in Production where it asks for an environment.');
  const told = drawn([place({ run: { ...run, environment: 'marketplace' } })]);
  expect(told).toContain('By publish.yml, in “marketplace” where it asks for an environment.');
  expect(drawn([place()])).not.toContain('where it asks for an environment');
});

test('what everybody would get is never chosen by itself, and what is closed cannot be', () => {
  const open = place({ targetId: 'tgt_open', gallery: 'An open one', audience: 'public' });
  const closed = place({ targetId: 'tgt_shut', closed: { code: 'frozen', sentence: 'A freeze holds until Monday.' } });
  const html = drawn([place(), open, closed]);
  expect(boxes(html)).toEqual([
    { checked: true, disabled: false },
    { checked: false, disabled: false },
    { checked: false, disabled: true },
  ]);
  expect(html).toContain('Publish to 1 place');
  expect(html).toContain('A freeze holds until Monday.');
});

test('a place that a freeze alone closes can be chosen by whoever may let one through, and never chooses itself', () => {
  const closed = { code: 'pinned_freeze', sentence: 'A freeze holds until Monday.' };
  const html = drawn([place({ closed, mayOverride: true }), place({ targetId: 'tgt_shut', closed })]);
  expect(boxes(html)).toEqual([
    { checked: false, disabled: false },
    { checked: false, disabled: true },
  ]);
  expect(html.match(/A freeze holds until Monday\./g)).toHaveLength(2);
});

test('chosen in a freeze, it asks for the reason, and is not published without one', () => {
  const fields = { ...{ items: ['Backup taken'], ticked: [], onTick: never }, onOverride: never, error: undefined };
  const asks = (frozen: boolean, override = '') =>
    renderToStaticMarkup(<PublishGates {...fields} {...{ frozen, override }} />);
  expect(asks(true)).toContain('Go through the freeze…');
  expect(asks(true, 'Customers wait')).toContain('Why this one goes through the freeze');
  expect(asks(false)).toContain('Backup taken');
  expect(asks(false)).not.toContain('freeze');
  const asked = { scan: 'passed', chosen: new Set(['tgt_own']), frozen: true };
  expect(whyNot({ ...asked, override: ' a ' })).toContain('Say why this one goes through it');
  expect(whyNot({ ...asked, override: 'Customers wait' })).toBeNull();
  expect(whyNot({ ...asked, frozen: false, override: '' })).toBeNull();
});

test('a package that did not pass its inspection cannot be published, and the button says so', () => {
  const html = drawn([place()], 'unknown');
  expect(html).toMatch(/aria-disabled="true"[^>]*>(?:(?!<\/button>).)*Publish to/s);
});

test('where it stands already it is not sent again by itself', () => {
  expect(boxes(drawn([place({ cell: cell('verified') })]))).toEqual([{ checked: false, disabled: false }]);
  expect(drawn([])).toContain('No place publishes this extension');
});

test('how it is known stands beside it: when the bytes were compared, and when the gallery was last asked', () => {
  const words = drawn([place({ cell: cell('verified') })]).replace(/<[^>]+>/g, '');
  expect(words).toMatch(/Fetched and compared.*The gallery was last asked/);
  const never = { ...cell('accepted'), provenAt: null, lookedAt: null };
  expect(drawn([place({ cell: never })])).toContain('Its content was not compared yet');
});

function recall(state: PublicationCell['state'], change: Partial<PublishPlace> = {}): string {
  const about = { packageId: 'a'.repeat(64), extension: 'acme.demo', version: '1.0.0' };
  return renderToStaticMarkup(<RecallButtons place={place(change)} state={state} actions={actions} {...about} />);
}

test('taking back is offered for what is there, and to those only who may', () => {
  expect(recall('verified')).toContain('Take back');
  expect(recall('rejected')).toBe('');
  expect(recall('unlisted')).toBe('');
  expect(recall('verified', { mayPublish: false })).toBe('');
  expect(recall('verified')).not.toContain('Unpublish');
});

test('what somebody asked to take away for good says who, and how many have to agree', () => {
  const unpublishing = { extension: 'acme.demo', by: 'Ana', reason: 'It leaked.', agreed: ['Ben'], needed: 2 };
  const html = recall('verified', {
    ...{ mayPublish: false, unpublishing: { ...unpublishing, endsAt: '2026-11-28T10:00:00Z' } },
    recall: { version: 'guide', extension: 'unpublish', steps: [] },
  });
  expect(html).toContain('Agree to unpublish all');
  expect(html.replace(/<[^>]+>/g, '')).toMatch(/Ana wants to take acme\.demo away.*It leaked\..*Ben.*1 more person/s);
  const spent = recall('verified', {
    ...{ unpublishing: { ...unpublishing, agreed: ['Ben', 'Cy'], endsAt: '2026-11-28T10:00:00Z' } },
    recall: { version: 'guide', extension: 'unpublish', steps: [] },
  });
  expect(spent).toContain('Send the unpublishing once more');
});
