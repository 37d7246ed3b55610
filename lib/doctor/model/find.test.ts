import { describe, expect, test } from 'vitest';
import type { ConnectionFacts, SubscriptionFacts } from './facts';
import { findingsOf, subscriptionFindings } from './find';
import { worstFirst } from './view';

const NOW = '2026-11-26T12:00:00.000Z';
const hence = (hours: number) => new Date(Date.parse(NOW) + hours * 3_600_000).toISOString();
const DAY = 24;

const report = {
  ok: true,
  account: 'acme-bot',
  scopes: ['deploys'],
  problems: [] as string[],
  expiresAt: hence(90 * DAY),
};
const quota = {
  resource: 'core',
  limit: 5_000,
  remaining: 4_000,
  resetAt: hence(0.5),
  blockedUntil: null,
  updatedAt: NOW,
};
const target = {
  id: 'tgt_1',
  name: 'Backend in Production',
  asksChecks: false,
  settingsProblem: null,
  refused: null,
  unseen: null,
  missing: null,
  shared: null,
  unread: null,
  telling: 'nothing' as const,
  untold: null,
  isSite: false,
};
const looked = { environment: 'staging', because: [], readAt: NOW };
const aside = { id: 'hook_1', event: 'run', at: hence(-5), readable: true };
const webhook = {
  supported: true,
  configured: true,
  rotating: false,
  lastReceivedAt: hence(-1),
  setAside: { recent: 0, newest: null },
};

const HEALTHY: ConnectionFacts = {
  id: 'con_1',
  name: 'Main',
  provider: { id: 'some', label: 'Some provider', known: true },
  hasCredential: true,
  authorities: [],
  state: 'ok',
  report,
  needs: {
    checks: [['reads checks'], ['deploys', 'all']],
    proposals: [['deploys']],
    ...{ records: [['records:write']], marks: [['marks:write'], ['all']], sites: [['sites:read'], ['sites:write']] },
  },
  checkedAt: hence(-DAY),
  quotas: [quota],
  webhook,
  uses: 2,
  targets: [target],
  lastSentAt: hence(-2),
};

const sick = (over: Partial<ConnectionFacts>) => findingsOf({ ...HEALTHY, ...over }, NOW);
const brief = (over: Partial<ConnectionFacts>) =>
  sick(over).map(({ code, severity, mend }) => [code, severity, mend.kind]);

test('what is broken comes first, and what is well last', () => {
  const of = (id: string, ...severities: ('broken' | 'warning' | 'note')[]) => ({
    id,
    findings: severities.map((severity) => ({
      code: 'x',
      severity,
      sentence: '',
      mend: { kind: 'link' as const, label: '', to: '' },
    })),
  });
  const mixed = [of('well'), of('note', 'note'), of('broken', 'note', 'broken'), of('warning', 'warning'), of('fine')];
  expect(worstFirst(mixed).map(({ id }) => id)).toEqual(['broken', 'warning', 'note', 'well', 'fine']);
});

test('a healthy estate has no finding', () => {
  expect(findingsOf(HEALTHY, NOW)).toEqual([]);
  expect(subscriptionFindings([{ id: 'sub_1', name: 'Chat', enabled: true, dead: 0, trouble: null }])).toEqual([]);
});

const authority = (days: number) => ({ subject: 'Acme Root', expiresAt: hence(days * DAY), fingerprint: 'AB:CD' });

const PLANTED: [string, Partial<ConnectionFacts>, [code: string, severity: string, mend: string]][] = [
  ['no credential', { hasCredential: false, state: 'failing' }, ['credential_missing', 'broken', 'link']],
  ['never checked', { state: 'unchecked', report: null }, ['credential_unchecked', 'warning', 'check']],
  [
    'refused, with a reason',
    { state: 'failing', report: { ...report, ok: false, problems: ['It was revoked.'] } },
    ['credential_refused', 'broken', 'link'],
  ],
  ['refused, without one', { state: 'failing' }, ['credential_refused', 'broken', 'link']],
  [
    'a permission is missing',
    { report: { ...report, problems: ['The App lacks “checks: read”.'] } },
    ['credential_lacks', 'warning', 'check'],
  ],
  [
    'checks that are asked for and cannot be read',
    { targets: [{ ...target, asksChecks: true }] },
    ['permission_missing', 'broken', 'check'],
  ],
  [
    'no permission to propose files',
    { needs: { proposals: [['proposes', 'deploys']] } },
    ['permission_missing', 'note', 'check'],
  ],
  [
    'records that may not be made',
    { targets: [{ ...target, telling: 'record' }] },
    ['permission_missing', 'warning', 'check'],
  ],
  [
    'a commit that may not be marked',
    {
      report: { ...report, scopes: ['deploys', 'records:write'] },
      targets: [{ ...target, telling: 'record_and_commit' }],
    },
    ['permission_missing', 'warning', 'check'],
  ],
  [
    'a check that may not be written',
    {
      needs: { records: [['deploys']], marks: [['marks:write']], checkMarks: [['checks:write']] },
      targets: [{ ...target, telling: 'record_and_check' }],
    },
    ['permission_missing', 'warning', 'check'],
  ],
  [
    'a check that a token can only set as a status',
    {
      needs: { records: [['deploys']], marks: [['deploys']] },
      targets: [{ ...target, telling: 'record_and_check' }],
    },
    ['check_in_place', 'note', 'link'],
  ],
  [
    'what was refused where nothing is listed',
    {
      report: { ...report, scopes: [] },
      targets: [{ ...target, telling: 'record', untold: 'It lacks “deployments”.' }],
    },
    ['permission_missing', 'warning', 'check'],
  ],
  [
    'a site that may not be read',
    { targets: [{ ...target, isSite: true }] },
    ['permission_missing', 'warning', 'check'],
  ],
  ['expired', { report: { ...report, expiresAt: hence(-1) } }, ['credential_expired', 'broken', 'link']],
  ['expires within a day', { report: { ...report, expiresAt: hence(5) } }, ['credential_expires', 'warning', 'link']],
  [
    'expires in 13 days',
    { report: { ...report, expiresAt: hence(13.5 * DAY) } },
    ['credential_expires', 'warning', 'link'],
  ],
  ['an authority that is over', { authorities: [authority(-1)] }, ['authority_expired', 'broken', 'link']],
  ['one of two is over', { authorities: [authority(-1), authority(90)] }, ['authority_expired', 'note', 'link']],
  ['an authority that ends soon', { authorities: [authority(29)] }, ['authority_expires', 'warning', 'link']],
  ['the next one is there', { authorities: [authority(29), authority(900)] }, ['authority_expires', 'note', 'link']],
  ['checked long ago', { checkedAt: hence(-31 * DAY) }, ['check_old', 'note', 'check']],
  ['paused by the provider', { quotas: [{ ...quota, blockedUntil: hence(1) }] }, ['quota_paused', 'warning', 'link']],
  ['quota nearly used up', { quotas: [{ ...quota, remaining: 12 }] }, ['quota_low', 'warning', 'link']],
  ['no webhook secret', { webhook: { ...webhook, configured: false } }, ['webhook_secret_missing', 'warning', 'link']],
  ['two webhook secrets', { webhook: { ...webhook, rotating: true } }, ['webhook_rotating', 'note', 'link']],
  ['no webhook ever', { webhook: { ...webhook, lastReceivedAt: null } }, ['webhook_silent', 'warning', 'link']],
  [
    'webhooks that stopped',
    { webhook: { ...webhook, lastReceivedAt: hence(-3) } },
    ['webhook_silent', 'warning', 'link'],
  ],
  [
    'a delivery that was set aside',
    { webhook: { ...webhook, setAside: { recent: 1, newest: aside } } },
    ['delivery_set_aside', 'warning', 'replay'],
  ],
  [
    'a delivery that nobody can read',
    { webhook: { ...webhook, setAside: { recent: 1, newest: { ...aside, readable: false } } } },
    ['delivery_set_aside', 'warning', 'link'],
  ],
  [
    'settings that do not fit',
    { targets: [{ ...target, settingsProblem: 'workflow: too old' }] },
    ['target_settings', 'broken', 'link'],
  ],
  [
    'a form that was refused',
    { targets: [{ ...target, refused: { number: 7, sentence: 'It cannot be read.' } }] },
    ['target_refused', 'broken', 'link'],
  ],
  [
    'a target nobody sees',
    { targets: [{ ...target, unseen: 'It does not answer.' }] },
    ['target_unseen', 'warning', 'link'],
  ],
  [
    'settings that may not be read',
    { targets: [{ ...target, unread: { environment: 'staging', sentence: 'It lacks “secrets”.', readAt: null } }] },
    ['settings_unread', 'warning', 'link'],
  ],
  [
    'settings that nobody has looked at for long',
    { targets: [{ ...target, unread: { environment: 'staging', sentence: null, readAt: NOW } }] },
    ['settings_unread', 'warning', 'link'],
  ],
  [
    'a secret that is not there',
    { targets: [{ ...target, missing: { ...looked, names: ['the secret A'] } }] },
    ['settings_missing', 'broken', 'link'],
  ],
  [
    'one place for several environments',
    { targets: [{ ...target, shared: { ...looked, names: ['the variable A'] } }] },
    ['settings_shared', 'broken', 'link'],
  ],
  [
    'a provider of another version',
    { provider: { id: 'x', label: 'x', known: false } },
    ['provider_unknown', 'broken', 'link'],
  ],
];

describe('a planted fault is found, and nothing else is', () => {
  test.each(PLANTED)('%s', (_, over, expected) => {
    expect(brief(over)).toEqual([expected]);
    const [finding] = sick(over);
    expect(finding?.sentence).toMatch(/^[“A-Z0-9].*[.!]$/s);
    expect(finding?.mend.to).toMatch(/^(?:\/|con_1$|hook_1$)/);
  });

  test('a subscription that is told nothing', () => {
    const failing: SubscriptionFacts = { id: 'sub_1', name: 'Chat', enabled: true, dead: 2, trouble: 'HTTP 500.' };
    const severities = (each: SubscriptionFacts) => subscriptionFindings([each]).map((found) => found.severity);
    expect(severities(failing)).toEqual(['broken']);
    expect(severities({ ...failing, dead: 0 })).toEqual(['warning']);
    expect(severities({ ...failing, enabled: false }), 'switched off on purpose').toEqual([]);
  });
});

describe('what is over or cannot be known is no fault', () => {
  test.each<[string, Partial<ConnectionFacts>]>([
    ['a figure whose hour is over', { quotas: [{ ...quota, remaining: 0, resetAt: hence(-0.1) }] }],
    ['a limit without a figure', { quotas: [{ ...quota, limit: 0, remaining: 0 }] }],
    ['a pause that is over', { quotas: [{ ...quota, blockedUntil: hence(-1) }] }],
    ['scopes that are not listed', { report: { ...report, scopes: [] }, targets: [{ ...target, asksChecks: true }] }],
    [
      'one of two ways is open',
      { report: { ...report, scopes: ['deploys', 'all'] }, targets: [{ ...target, asksChecks: true }] },
    ],
    ['nothing is told', { targets: [{ ...target, telling: 'nothing' }] }],
    [
      'all that is told may be told',
      {
        report: { ...report, scopes: ['deploys', 'records:write', 'all', 'sites:write'] },
        targets: [{ ...target, telling: 'record_and_commit', isSite: true }],
      },
    ],
    ['an authority that lasts', { authorities: [authority(31)] }],
    ['a credential without a date', { report: { ...report, expiresAt: null } }],
    ['a webhook that may still come', { lastSentAt: hence(-0.1), webhook: { ...webhook, lastReceivedAt: hence(-1) } }],
    [
      'webhooks that are not kept any more',
      { lastSentAt: hence(-8 * DAY), webhook: { ...webhook, lastReceivedAt: null } },
    ],
    ['no webhooks where there are none', { webhook: { ...webhook, supported: false, configured: false } }],
    ['no webhook secret where nothing deploys', { uses: 0, webhook: { ...webhook, configured: false } }],
    [
      'a delivery set aside long ago',
      { webhook: { ...webhook, setAside: { recent: 0, newest: { ...aside, at: hence(-8 * DAY) } } } },
    ],
  ])('%s', (_, over) => expect(brief(over)).toEqual([]));
});

test('a date is told once, and the worst comes first', () => {
  const expiresAt = hence(3 * DAY);
  const problems = [`The token expires on ${expiresAt.slice(0, 10)}. Make a new one.`, 'It lacks “checks”.'];
  const found = brief({
    checkedAt: hence(-40 * DAY),
    report: { ...report, expiresAt, problems },
    targets: [{ ...target, settingsProblem: 'too old' }],
  });
  expect(found.map(([code]) => code)).toEqual([
    'target_settings',
    'credential_lacks',
    'credential_expires',
    'check_old',
  ]);
});
