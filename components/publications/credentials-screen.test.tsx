import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import type { RetirementView } from '@/lib/publications/model/retirement';
import { CredentialsScreen } from './credentials-screen';

const idle = { run: async () => ({ ok: false }), pending: false, refusal: null, fields: {}, clear: () => undefined };
vi.mock('@/components/console/use-action', () => ({ useAction: () => idle }));

const never = async () => Promise.reject(new Error('Nothing is pressed here.'));
const secret = { name: 'A_PAT', gallery: 'A gallery', on: '2026-12-01', places: [], usedBy: [] };
const base: RetirementView = {
  today: '2026-11-27',
  retirements: [
    {
      ...{ gallery: 'A gallery', what: 'Tokens', on: '2026-12-01', daysLeft: 4 },
      ...{ steps: ['Make one.'], places: [] },
    },
  ],
  ...{ connections: [], secrets: [secret], migrations: [], others: [] },
  repositories: [{ repository: 'acme/stack', workflows: 3, problem: null }],
  beyond: null,
};

const drawn = (change: Partial<RetirementView>) =>
  renderToStaticMarkup(<CredentialsScreen view={{ ...base, ...change }} setUp={never} />).replace(/<[^>]+>/g, ' ');

test('says how many days are left and what still publishes that way, and when nothing does', () => {
  expect(drawn({})).toContain('Tokens end on 2026-12-01: 4 days left');
  expect(drawn({})).toContain('Nothing that this console knows of publishes by one any more.');
  const usedBy = [{ repository: 'acme/stack', workflow: 'publish.yml', url: null }];
  expect(drawn({ secrets: [{ ...secret, usedBy }] })).toContain(
    'Still published to that way: publish.yml in acme/stack.',
  );
});

test.each([
  ['2026-11-28', 3, 'Tokens end on 2026-12-01: 3 days left', '3 days left'],
  ['2026-12-01', 0, 'Tokens ended on 2026-12-01: ended today', 'ended today'],
  ['2026-12-02', -1, 'Tokens ended on 2026-12-01: ended 1 day ago', 'ended 1 day ago'],
])(
  'on %s the end of a kind of token, and of each connection with one, is said as it is',
  (today, daysLeft, title, badge) => {
    const [first] = base.retirements;
    if (!first) throw new Error('There is one.');
    const connection = {
      ...{ id: 'con_1', name: 'Market', gallery: 'A gallery', stored: true, state: 'ok' as const, daysLeft },
      ...{ expiresAt: '2026-12-01T00:00:00.000Z', ends: 'Tokens for all organisations end on 2026-12-01.' },
    };
    const text = drawn({ today, retirements: [{ ...first, daysLeft }], connections: [connection] });
    expect(text).toContain(title);
    const row = text.slice(text.indexOf('a stored token'));
    expect(row).toContain(badge);
    expect(row, 'a day is told once').not.toContain('The gallery says');
  },
);

test('a repository that could not be read is said so, and its secrets are not called absent for good', () => {
  const text = drawn({ repositories: [{ repository: 'acme/stack', workflows: 0, problem: 'It may not be read.' }] });
  expect(text).toContain('acme/stack was not read in full: It may not be read.');
  expect(text).toContain('nowhere that was looked at');
  const noneRead = [text, drawn({ repositories: [] }), drawn({ beyond: 'Only the first 50 targets.' })];
  for (const each of noneRead) {
    expect(each, 'no all-clear over what was not read').not.toContain('publishes by one any more');
    expect(each).toContain('Nothing that was read publishes by one.');
  }
});

test('who may not propose is told who can', () => {
  const problem = { code: 'forbidden', sentence: 'Ask an administrator.' };
  const component = { slug: 'extension', name: 'Extension' };
  const text = drawn({ migrations: [{ component, gallery: 'A gallery', places: [], problem, proposal: null }] });
  expect(text).toContain('Ask an administrator.');
  expect(text).not.toContain('Open the');
});

test('a target that still publishes by the token is led to, with what to write into its settings', () => {
  const component = { slug: 'extension', name: 'Extension' };
  const proposal = {
    ...{ connectionId: 'con_code', repository: 'acme/stack', settings: '{}', shown: 'x', word: 'pull request' },
    ...{ openUrl: null, workflow: 'extension-publish.yml', base: 'trunk', files: [], needs: [] },
  };
  const places = [{ targetId: 'tgt_1', name: 'Extension → Production' }];
  const one = { component, gallery: 'A gallery', problem: null, places, proposal };
  const html = (migrations: RetirementView['migrations']) =>
    renderToStaticMarkup(<CredentialsScreen view={{ ...base, migrations }} setUp={never} />);
  expect(html([one])).toMatch(/<a [^>]*href="\/estate\/targets\/tgt_1"[^>]*>Extension → Production<\/a>/);
  const text = html([one]).replace(/<[^>]+>/g, ' ');
  for (const value of ['acme/stack', 'extension-publish.yml', 'con_code', 'trunk', 'without a token'])
    expect(text).toContain(value);
  expect(html([{ ...one, proposal: null }]), 'also where nothing is proposed').toContain('/estate/targets/tgt_1');
  expect(html([{ ...one, places: [] }])).not.toContain('con_code');
});

test('extensions whose proposals were not read are named, and each leads to its own', () => {
  const others = [
    { slug: 'sixth', name: 'Sixth' },
    { slug: 'seventh', name: 'Seventh' },
  ];
  const html = renderToStaticMarkup(<CredentialsScreen view={{ ...base, others }} setUp={never} />);
  expect(html).toContain('2 more extensions. Open one to see what is proposed for it.');
  expect(html).toMatch(/<a [^>]*href="\/extensions\/credentials\?component=seventh"[^>]*>Seventh<\/a>/);
  expect(html).not.toContain('there is nothing to propose');
});
