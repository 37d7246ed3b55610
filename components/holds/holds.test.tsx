import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test, vi } from 'vitest';
import type { FreezeEntry, HeldBack, HostHold } from '@/lib/gates/model/view';
import { FreezeCard, whatEnds } from './freeze-card';
import { HeldByHosts } from './hold-lists';

const idle = { run: async () => expect.fail('nothing is pressed here'), pending: false };
vi.mock('@/components/console/use-action', () => ({ useAction: () => idle }));

const scope: HostHold['scope'] = {
  environment: { id: 'env_1', slug: 'production', name: 'Production' },
  component: { id: 'cmp_1', slug: 'portal', name: 'Portal' },
  target: { id: 'tgt_1', label: '' },
};
const heldBack: HeldBack[] = [
  {
    targetId: 'tgt_1',
    component: 'Portal',
    environment: 'Production',
    label: '',
    queued: [
      { id: 'dep_7', number: 7, sha: 'a'.repeat(40), message: 'Mend the form', requestedBy: 'Ada', alsoHeldBy: [] },
    ],
    commitsBehind: null,
  },
];

describe('a hold of a host', () => {
  const hold: HostHold = {
    targetId: 'tgt_1',
    scope,
    sentence: 'New builds do not go live by themselves at Netlify: publishing is locked to one deploy at Netlify.',
    since: '2026-11-28T10:00:00.000Z',
    seenAt: '2026-11-28T10:04:00.000Z',
    url: 'https://app.netlify.com/sites/shop/deploys/1',
    heldBack,
  };
  const markup = renderToStaticMarkup(<HeldByHosts hosts={[hold]} />);

  test('says what, leads to where it is resolved, and names what does not go live because of it', () => {
    expect(markup).toContain('Held by their host (1)');
    expect(markup).toContain(hold.sentence);
    expect(markup).toContain('href="/components/portal"');
    expect(markup).toContain(`href="${hold.url}"`);
    expect(markup).toMatch(/href="\/deployments\/dep_7"[^>]*>#7</);
  });

  test('says what else holds what waits', () => {
    const [held] = heldBack;
    const queued = held?.queued.map((each) => ({ ...each, alsoHeldBy: ['the lock of Ben', 'the freeze “Q4”'] })) ?? [];
    const both = { ...hold, heldBack: held ? [{ ...held, queued }] : [] };
    const shown = renderToStaticMarkup(<HeldByHosts hosts={[both]} />);
    expect(shown).toContain('; also held by the lock of Ben; also held by the freeze “Q4”');
  });

  test('says so where nothing waits, and asks no provider how far it is behind', () => {
    const [held] = heldBack;
    const idle = { ...hold, heldBack: held ? [{ ...held, queued: [] }] : [] };
    expect(renderToStaticMarkup(<HeldByHosts hosts={[idle]} />)).toContain('No deployment waits because of it.');
  });

  test('is nothing where no host holds anything', () => {
    expect(renderToStaticMarkup(<HeldByHosts hosts={[]} />)).toBe('');
  });
});

describe('a freeze', () => {
  const freeze = (active: boolean): FreezeEntry => ({
    ...{ id: 'frz_1', version: 1, name: 'Quarter end', reason: 'The books are closed', scope },
    ...{ timeZone: 'UTC', startsAt: '2026-11-28T09:00', durationMinutes: 60, recurrence: null, says: 'Once' },
    by: { id: 'usr_1', name: 'Ada' },
    next: { from: '2026-11-28T09:00:00.000Z', to: '2026-11-28T10:00:00.000Z', active },
    heldBack: active ? heldBack : [],
    refusal: null,
  });
  const shown = (active: boolean) =>
    renderToStaticMarkup(<FreezeCard freeze={freeze(active)} end={() => Promise.reject()} onEdit={() => undefined} />);

  test('that holds names what waits because of it; one that does not says nothing of it', () => {
    expect(shown(true)).toMatch(/href="\/deployments\/dep_7"[^>]*>#7</);
    expect(shown(false)).not.toContain('dep_7');
    expect(shown(false)).not.toContain('waits because of it');
  });

  test('is ended with how many that starts', () => {
    expect(whatEnds(freeze(true))).toBe(
      'It holds now. #7 starts at once, unless something else keeps it: a gate, or what is on its way there. The freeze never comes back.',
    );
    expect(whatEnds({ ...freeze(true), heldBack: [] })).toContain('nothing waits because of it');
    expect(whatEnds(freeze(false))).toContain('It does not hold now.');
  });
});
