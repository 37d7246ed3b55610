import { describe, expect, test } from 'vitest';
import type { ChangePlan, ChangeResult, ConfigurationView } from '@/lib/configuration/model/view';
import type { Client } from './client';
import { sit } from './testing/sit';

const OWN = 'con_1 environment:acme/app:staging';
const SHARED = 'con_1 repository:acme/app';
const place = (key: string, label: string, shared: boolean) => ({
  ...{ key, label, shared, scope: 'x', url: null, provider: 'x', absent: null, problem: null, refusal: null },
});
const view: ConfigurationView = {
  environment: { id: 'env_1', slug: 'staging', name: 'Staging', approvals: 0 },
  ...{ readAt: '2026-11-27T00:00:00.000Z', staleDays: 180, others: [], targets: [], rules: null, without: [] },
  places: [place(OWN, 'acme/app → staging', false), place(SHARED, 'acme/app', true)],
  rows: [
    {
      ...{ kind: 'secret', name: 'API_KEY', namedBy: [], missingFor: [], removedFor: [], elsewhere: [] },
      at: [{ place: OWN, createdAt: null, updatedAt: '2026-11-26T00:00:00.000Z', digest: null, stale: true }],
      notLiveFor: [
        {
          ...{ id: 't', name: 'Backend', runtime: false, number: 3 },
          ...{ since: '2026-11-25T00:00:00.000Z', changedAt: '2026-11-26T00:00:00.000Z' },
        },
      ],
    },
  ],
};

/** A console that answers as told and remembers what it was sent. */
function consoleThat(answers: { plan?: Partial<ChangePlan>; done?: Partial<ChangeResult>; view?: ConfigurationView }) {
  const sent: { path: string; body: Record<string, unknown> }[] = [];
  const plan = { action: 'set', kind: 'secret', name: 'API_KEY', steps: [], shown: 's', ...answers.plan };
  const done = { kind: 'secret', name: 'API_KEY', places: [], complete: true, sentence: 'Done.', ...answers.done };
  const api = {
    get: async () => answers.view ?? view,
    change: async (_: string, path: string, body: Record<string, unknown>) => {
      sent.push({ path, body });
      return path.includes('/plan') ? plan : done;
    },
  };
  return { api: api as unknown as Client, sent };
}

const step = (over: object) => ({
  ...{ place: OWN, label: 'acme/app → staging', scope: 'x', step: 'create', before: null, after: null },
  ...{ changedAt: null, because: null, atOnce: false, alsoDoes: null, alsoReadBy: [] },
  ...over,
});

describe('aetherstack config', () => {
  test('lists names with where, when, and what is wrong; and answers 1 when something is missing', async () => {
    const listed = await sit('config list', ['--environment', 'staging'], consoleThat({}).api);
    expect(listed).toMatchObject({ code: 0, out: expect.stringMatching(/API_KEY +acme\/app → staging +2026-11-26/) });
    expect(listed.out).toContain('not live on Backend; stale');
    const nothing = { at: [], namedBy: [], notLiveFor: [], missingFor: [], removedFor: [], elsewhere: [] };
    const rows = [
      {
        kind: 'variable' as const,
        name: 'B',
        ...nothing,
        missingFor: [{ id: 't', name: 'X', because: 'Y does not do.' }],
      },
      {
        kind: 'secret' as const,
        name: 'GONE',
        ...nothing,
        removedFor: [{ id: 't', name: 'X', runtime: false, until: 'next-deployment' as const }],
      },
      { kind: 'secret' as const, name: 'ELSEWHERE', ...nothing },
    ];
    const some = await sit('config list', ['--environment', 'staging'], consoleThat({ view: { ...view, rows } }).api);
    expect(some).toMatchObject({ code: 1, out: expect.stringContaining('MISSING for X (Y does not do.)') });
    expect(some.out).toMatch(/GONE +– +removed, still live on X/);
    expect(some.out).not.toContain('ELSEWHERE');
  });

  test('set takes the value from standard input, plans first, and sends what was planned', async () => {
    const { api, sent } = consoleThat({ plan: { steps: [step({}) as never] } });
    const done = await sit('config set', ['API_KEY', '--environment', 'staging'], api, 'n', 'horse battery\n');
    expect(done, done.err).toMatchObject({ code: 0, out: 'Done.\n' });
    expect(sent.map(({ path }) => path.split('/configuration')[1])).toEqual(['/plan', '']);
    expect(sent[1]?.body).toEqual({
      kind: 'secret',
      name: 'API_KEY',
      places: [OWN],
      value: 'horse battery',
      shown: 's',
    });
    expect(`${done.out}${done.err}`).not.toContain('battery');
  });

  test('a value on the command line, none at all, and a place that is not there are refused with nothing sent', async () => {
    const { api, sent } = consoleThat({});
    const at = ['--environment', 'staging'];
    expect(await sit('config set', ['API_KEY', 'value', ...at], api, 'n', 'x')).toMatchObject({ code: 'usage' });
    expect(await sit('config set', ['API_KEY', ...at], api)).toMatchObject({ code: 'usage' });
    expect(await sit('config unset', ['A', ...at, '--place', 'nowhere'], api)).toMatchObject({ code: 'not_found' });
    expect(sent).toEqual([]);
  });

  test('unset removes from the places named, --dry-run changes nothing, and an unfinished change answers 1', async () => {
    const dry = consoleThat({ plan: { steps: [step({ step: 'remove', alsoReadBy: ['production'] }) as never] } });
    const args = ['B', '--environment', 'staging', '--variable', '--place', 'acme/app'];
    const shown = await sit('config unset', [...args, '--dry-run'], dry.api);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('also read by production') });
    expect(dry.sent.map(({ path }) => path)).toEqual(['/environments/staging/configuration/plan-removal']);
    expect(dry.sent[0]?.body).toEqual({ kind: 'variable', name: 'B', places: [SHARED] });
    const open = consoleThat({ done: { complete: false, sentence: '1 of 1 places are not done.' } });
    expect(await sit('config unset', args, open.api)).toMatchObject({ code: 1 });
  });
});
