import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEPLOYMENT_STATUSES } from '@/lib/deployments/model/status';
import { EVENT_NAMES, eventName, type RawEvent } from './events';
import { escapeMrkdwn, type Message, oneLine, slackMessage } from './message';
import { MAX_TRIES, nextTrySeconds } from './retry';
import { subscribeInput } from './schemas';

const raw = (over: Partial<RawEvent>): RawEvent => ({
  topic: 'deployment',
  kind: 'progress',
  fromStatus: null,
  toStatus: null,
  deploymentKind: 'deploy',
  connectionState: null,
  again: false,
  outcome: null,
  ...over,
});

describe('what happened has a name', () => {
  test.each([
    [{ kind: 'requested', toStatus: 'queued' }, 'deployment.requested'],
    [{ kind: 'requested', toStatus: 'awaiting_approval' }, 'deployment.awaiting_approval'],
    [{ kind: 'require_approval', fromStatus: 'queued', toStatus: 'awaiting_approval' }, 'deployment.awaiting_approval'],
    [{ kind: 'approve', fromStatus: 'awaiting_approval', toStatus: 'queued' }, 'deployment.approved'],
    [{ kind: 'reject', fromStatus: 'awaiting_approval', toStatus: 'rejected' }, 'deployment.rejected'],
    [{ kind: 'claim', fromStatus: 'queued', toStatus: 'submitting' }, 'deployment.started'],
    [{ kind: 'claim', fromStatus: 'queued', toStatus: 'submitting', again: true }, null],
    [{ kind: 'health_confirmed', fromStatus: 'verifying', toStatus: 'succeeded' }, 'deployment.succeeded'],
    [{ kind: 'health_confirmed', toStatus: 'succeeded', deploymentKind: 'rollback' }, 'deployment.rolled_back'],
    [{ kind: 'deadline', fromStatus: 'building', toStatus: 'timed_out' }, 'deployment.failed'],
    [{ kind: 'observe_failed', fromStatus: 'building', toStatus: 'failed' }, 'deployment.failed'],
    [{ kind: 'needs_person' }, 'deployment.needs_person'],
    [{ kind: 'second_run' }, 'deployment.needs_person'],
    [{ kind: 'second_run_ended' }, 'deployment.needs_person'],
    [{ kind: 'freeze_overridden' }, 'freeze.overridden'],
    [{ kind: 'verdict', outcome: 'worse' }, 'deployment.worse'],
    [{ kind: 'verdict' }, null],
    [{ kind: 'roll_back_by_policy', outcome: 'refused' }, 'deployment.not_rolled_back'],
    [{ kind: 'roll_back_by_policy', outcome: 'asked' }, null],
    [{ kind: 'progress' }, null],
    [{ kind: 'observe_building', fromStatus: 'submitting', toStatus: 'building' }, null],
    [{ kind: 'approved' }, null],
    [{ kind: 'policy_changed' }, null],
    [{ topic: 'pin', kind: 'locked' }, 'lock.created'],
    [{ topic: 'pin', kind: 'pinned' }, 'lock.created'],
    [{ topic: 'pin', kind: 'lifted' }, 'lock.lifted'],
    [{ topic: 'freeze', kind: 'create' }, 'freeze.planned'],
    [{ topic: 'freeze', kind: 'end' }, 'freeze.ended'],
    [{ topic: 'freeze', kind: 'update' }, 'freeze.changed'],
    [{ topic: 'freeze', kind: 'begins' }, 'freeze.begins'],
    [{ topic: 'policy', kind: 'set' }, 'policy.changed'],
    [{ topic: 'target', kind: 'target.update' }, null],
    [{ topic: 'target', kind: 'drift' }, 'drift.found'],
    [{ topic: 'target', kind: 'drift_over' }, 'drift.cleared'],
    [{ topic: 'connection', kind: 'connection.verify', connectionState: 'failing' }, 'connection.failing'],
    [{ topic: 'connection', kind: 'connection.verify', connectionState: 'ok' }, null],
    [{ topic: 'connection', kind: 'connection.refused', connectionState: 'failing' }, 'connection.failing'],
    [{ topic: 'connection', kind: 'connection.works', connectionState: 'ok' }, null],
    [{ topic: 'connection', kind: 'connection.update' }, 'connection.changed'],
    [{ topic: 'member', kind: 'member.invite' }, 'member.changed'],
  ] as const)('%o is %s', (over, name) => {
    expect(eventName(raw(over))).toBe(name);
  });

  test('whatever comes, the answer is a name of the list or nothing', () => {
    const status = fc.option(fc.constantFrom(...DEPLOYMENT_STATUSES, 'unheard_of'), { nil: null });
    const row = fc.record({
      topic: fc.oneof(fc.constantFrom('deployment', 'pin', 'freeze', 'connection', 'target'), fc.string()),
      kind: fc.string(),
      fromStatus: status,
      toStatus: status,
      deploymentKind: fc.constantFrom('deploy', 'rollback', 'retry', null),
      connectionState: fc.constantFrom('ok', 'failing', null),
      again: fc.boolean(),
      outcome: fc.option(fc.string(), { nil: null }),
    });
    fc.assert(
      fc.property(row, (each) => {
        const name = eventName(each);
        expect(name === null || EVENT_NAMES.includes(name)).toBe(true);
      }),
    );
  });
});

describe('a message for Slack', () => {
  const message = (sentence: string, commit: string): Message => ({
    type: 'deployment.failed',
    timestamp: '2026-01-01T00:00:00.000Z',
    data: {
      sentence,
      actor: 'Ada <!here>',
      url: 'https://console.example/deployments/dep_1',
      component: { slug: 'backend', name: 'Backend' },
      environment: { slug: 'production', name: 'Production' },
      label: '',
      deployment: {
        id: 'dep_1',
        number: 7,
        kind: 'deploy',
        status: 'failed',
        ref: 'main',
        sha: 'a'.repeat(40),
        version: '1.2.3',
        message: commit,
      },
      connection: null,
    },
  });

  test.each([
    '<!channel> look',
    '<!everyone>',
    '<@U012AB3CD> hello',
    '<https://evil.example|Open in the console>',
    '&lt;!channel&gt;',
    '*bold* _it_ `code` ~gone~ @channel @here',
    'one\ntwo <!here>',
    '\u202egnp.exe<!channel>',
  ])('%j in a commit or a reason mentions nobody and is no link', (text) => {
    const made = slackMessage(message(text, text));
    expect(made.text).not.toMatch(/[<>]/);
    const marked = JSON.stringify(made.blocks).match(/\{"type":"mrkdwn","text":"[^"]*"\}/g);
    expect(marked).toEqual([
      '{"type":"mrkdwn","text":"<https://console.example/deployments/dep_1|Open in the console>"}',
    ]);
  });

  test('says which of several targets of a component there it is about', () => {
    const { data, ...rest } = message('Published.', 'Fix the login');
    const text = (label: string) => slackMessage({ ...rest, data: { ...data, label } }).text;
    expect(text('')).toBe('#7 Backend → Production: Published.');
    expect(text('Open VSX')).toBe('#7 Backend → Production (Open VSX): Published.');
  });

  test('stays within what Slack takes', () => {
    const made = slackMessage(message('x'.repeat(10_000), 'y'.repeat(10_000)));
    for (const text of JSON.stringify(made).match(/"text":"[^"]*"/g) ?? []) expect(text.length).toBeLessThan(3_000);
  });

  test('escaping leaves no opening and keeps everything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = escapeMrkdwn(text);
        expect(escaped).not.toMatch(/[<>]/);
        expect(escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).toBe(text);
      }),
    );
  });

  test('a line is a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const line = oneLine(text, limit);
        expect([...line].length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('trying again', () => {
  const never = { status: 500, retryAfterMs: null };

  test('waits 10 s at first and 6 h at last, and gives up after the eighth try', () => {
    const waits = Array.from({ length: MAX_TRIES }, (_, i) => nextTrySeconds(i + 1, never));
    expect(waits).toEqual([10, 60, 300, 1_200, 3_600, 10_800, 21_600, null]);
  });

  test('a Retry-After is waited for, up to a day; a receiver that is gone is left alone', () => {
    expect(nextTrySeconds(1, { status: 429, retryAfterMs: 90_500 })).toBe(91);
    expect(nextTrySeconds(3, { status: 503, retryAfterMs: 1_000 })).toBe(300);
    expect(nextTrySeconds(1, { status: 503, retryAfterMs: 1e12 })).toBe(86_400);
    expect(nextTrySeconds(1, { status: 410, retryAfterMs: null })).toBeNull();
  });
});

test('the form refuses unknown events and keys, and keeps * alone', () => {
  const good = { name: 'Ops', kind: 'webhook', url: 'https://a.example/x', events: ['*', 'lock.created'] };
  expect(subscribeInput.parse(good)).toMatchObject({ events: ['*'], environmentPattern: '*' });
  for (const bad of [
    { events: ['made.up'] },
    { events: [] },
    { extra: 1 },
    { environmentPattern: 'Prod!' },
    { name: ' ' },
  ]) {
    expect(subscribeInput.safeParse({ ...good, ...bad }).success, JSON.stringify(bad)).toBe(false);
  }
});
