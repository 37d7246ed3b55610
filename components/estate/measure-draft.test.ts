import { expect, it } from 'vitest';
import { HealthSettings } from '@/lib/observability/model/health-settings';
import type { TargetHealth } from '@/lib/observability/model/verdict-view';
import { measureDraftOf, settingsOf, withPreset } from './measure-draft';

const preset = {
  ...{ id: 'fastapi', label: 'FastAPI' },
  queries: {
    throughput: { expression: 'sum(y)', unit: 'per_second' },
    errors: { expression: 'sum(x{job="{{job}}"})', unit: 'ratio' },
  },
};
const nothing: TargetHealth = {
  ...{ targetId: 'tgt_1', version: 1, health: null },
  measurers: [{ id: 'con_1', name: 'Metrics', language: 'PromQL', presets: [preset] }],
  ...{ watchers: [], writers: [] },
};

it('a preset fills the questions, and what is sent is what the API takes', () => {
  const draft = { ...withPreset(measureDraftOf(nothing), preset), values: ' job = api \n\nquery=a=b' };
  const sent = HealthSettings.safeParse(settingsOf({ ...draft, values: 'job=api' }, nothing));
  expect(sent.data).toMatchObject({ connectionId: 'con_1', queries: preset.queries, values: { job: 'api' } });
  expect(settingsOf(draft, nothing)?.values).toEqual({ job: 'api', query: 'a=b' });
});

it('what has no field stays as it was, and a form that nobody touched sends the same', () => {
  const health = HealthSettings.parse({
    ...{ connectionId: 'con_2', queries: preset.queries, values: { job: 'api' }, watchUrl: 'https://a.example/up' },
    rules: { windowMinutes: 45 },
  });
  const other = { id: 'con_2', name: 'Others', language: 'PromQL', presets: [] };
  const current = { ...nothing, health, measurers: [...nothing.measurers, other] };
  expect(settingsOf(measureDraftOf(current), current)).toEqual(health);
});

it('a connection that is gone is not sent again: what is sent is what the select shows', () => {
  const health = HealthSettings.parse({ connectionId: 'con_gone', queries: preset.queries, values: { job: 'api' } });
  const current = { ...nothing, health };
  expect(settingsOf(measureDraftOf(current), current)).toMatchObject({ connectionId: 'con_1' });
  expect(measureDraftOf({ ...current, measurers: [] }).connectionId).toBe('');
});

it('whose alerts count, and where deployments are written down, is sent where something is said, as it was judged', () => {
  const scope = { label: 'Alerts', hint: '', example: '' };
  const [watchers, writers] = [
    ['con_1', 'con_2'].map((id) => ({ id, name: id, scope })),
    [{ id: 'con_2', name: 'con_2', writes: 'an event', scope }],
  ];
  const health = HealthSettings.parse({ alerts: [{ connectionId: 'con_2', scope: 'job="api"', judged: false }] });
  const current: TargetHealth = { ...nothing, health, watchers, writers };
  const draft = measureDraftOf(current);
  const sent = settingsOf({ ...draft, alerts: { ...draft.alerts, con_1: ' x ' }, notes: { con_2: 'env:a' } }, current);
  expect(sent).toMatchObject({
    alerts: [
      { connectionId: 'con_1', scope: 'x', judged: true },
      { connectionId: 'con_2', scope: 'job="api"', judged: false },
    ],
    notes: [{ connectionId: 'con_2', scope: 'env:a' }],
  });
  expect(HealthSettings.safeParse(sent).success).toBe(true);
});

it('an empty form measures nothing any more', () => {
  expect(settingsOf({ ...measureDraftOf(nothing), watchUrl: '  ' }, nothing)).toBeNull();
});
