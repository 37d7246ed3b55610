import type { SetHealthInput } from '@/lib/observability/model/schemas';
import type { TargetHealth } from '@/lib/observability/model/verdict-view';
import { type QueryPreset, SIGNAL_UNITS, SIGNALS, type Signal } from '@/lib/providers/port';

/** What stands in the form; the settings that have no field there stay as they are. */
export interface MeasureDraft {
  connectionId: string;
  queries: Record<Signal, { expression: string; unit: string }>;
  /** A line each: name=value. */
  values: string;
  watchUrl: string;
  /** Scope by connection; empty = nothing of it. */
  alerts: Record<string, string>;
  notes: Record<string, string>;
}

const bySignal = <T>(of: (signal: Signal) => T) =>
  Object.fromEntries(SIGNALS.map((signal) => [signal, of(signal)])) as Record<Signal, T>;

const scopes = (list: readonly { connectionId: string; scope: string }[] = []) =>
  Object.fromEntries(list.map(({ connectionId, scope }) => [connectionId, scope]));

export function measureDraftOf({ health, measurers }: TargetHealth): MeasureDraft {
  return {
    // One that is gone is no option of the select, which would show another than is sent.
    connectionId: (measurers.find(({ id }) => id === health?.connectionId) ?? measurers[0])?.id ?? '',
    queries: bySignal((signal) => health?.queries[signal] ?? { expression: '', unit: SIGNAL_UNITS[signal][0] }),
    values: Object.entries(health?.values ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    watchUrl: health?.watchUrl ?? '',
    alerts: scopes(health?.alerts),
    notes: scopes(health?.notes),
  };
}

export function withPreset(draft: MeasureDraft, { queries }: QueryPreset): MeasureDraft {
  return { ...draft, queries: bySignal((signal) => queries[signal] ?? { ...draft.queries[signal], expression: '' }) };
}

/** In the order of the form, so that an error finds its field. */
const given = (ids: readonly { id: string }[], of: Record<string, string>) =>
  ids.flatMap(({ id }) => {
    const scope = (of[id] ?? '').trim();
    return scope === '' ? [] : [{ connectionId: id, scope }];
  });

/** As it is sent; null where nothing is measured any more. A line without “=” is a name without a value, and refused. */
export function settingsOf(
  draft: MeasureDraft,
  { health: before, watchers, writers }: Pick<TargetHealth, 'health' | 'watchers' | 'writers'>,
): SetHealthInput['health'] {
  const asked = SIGNALS.filter((signal) => draft.queries[signal].expression.trim() !== '');
  const watchUrl = draft.watchUrl.trim() || null;
  const judgedOf = (id: string) => before?.alerts?.find(({ connectionId }) => connectionId === id)?.judged ?? true;
  const alerts = given(watchers, draft.alerts).map((each) => ({ ...each, judged: judgedOf(each.connectionId) }));
  const notes = given(writers, draft.notes);
  if (asked.length === 0 && watchUrl === null && alerts.length === 0 && notes.length === 0) return null;
  const lines = draft.values.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => {
    const [name = '', ...value] = line.split('=');
    return [name.trim(), value.join('=').trim()];
  });
  return {
    connectionId: asked.length > 0 ? draft.connectionId || null : null,
    queries: Object.fromEntries(asked.map((signal) => [signal, draft.queries[signal]])),
    values: Object.fromEntries(pairs),
    ...{ watchUrl, alerts, notes },
    ...(before ? { rules: before.rules } : {}),
  } as SetHealthInput['health'];
}
