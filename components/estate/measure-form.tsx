'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect, Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { Action } from '@/lib/kernel/result';
import type { SetHealthInput } from '@/lib/observability/model/schemas';
import { SIGNAL_WORDS } from '@/lib/observability/model/signal-words';
import type { HealthSet, TargetHealth } from '@/lib/observability/model/verdict-view';
import { SIGNAL_UNITS, SIGNALS, type Signal } from '@/lib/providers/port';
import { BesideFields } from './measure-beside';
import { type MeasureDraft, measureDraftOf, settingsOf, withPreset } from './measure-draft';

interface MeasureFormProps {
  current: TargetHealth;
  set: Action<SetHealthInput, HealthSet>;
}

/** Which numbers belong to a target. Each question is asked once before it is kept, and what it answers stands below. */
export function MeasureForm({ current, set }: MeasureFormProps) {
  const [draft, setDraft] = useState(() => measureDraftOf(current));
  const [checks, setChecks] = useState<HealthSet['checks'] | null>(null);
  const { run, pending, refusal, fields } = useAction(set);
  const edit = (changes: Partial<MeasureDraft>) => setDraft({ ...draft, ...changes });

  async function save() {
    setChecks(null);
    const { targetId, version } = current;
    const done = await run({ targetId, version, health: settingsOf(draft, current) });
    if (done.ok) setChecks(done.value.checks);
  }

  return (
    <Panel
      title="How it does"
      description="What is measured of it, for its charts and for the verdict on each deployment. Empty: nothing is measured."
      className="mt-5 max-w-3xl"
    >
      <div className="grid gap-4 *:min-w-0">
        <Asked {...{ current, draft, fields }} onChange={edit} onDraft={setDraft} />
        <Field label="Address to watch" error={fields['health.watchUrl']} hint="Asked by the console every 30 seconds.">
          <Input
            type="url"
            value={draft.watchUrl}
            placeholder="https://api.example.com/health"
            onChange={(event) => edit({ watchUrl: event.target.value })}
            maxLength={500}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <BesideFields {...{ current, draft, fields }} onChange={edit} />
        {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
        {checks?.map(({ signal, source, usable, sentence }) => (
          <Notice key={`${signal} ${source}`} tone={usable ? 'good' : 'warn'} live title={sentence}>
            {SIGNAL_WORDS[signal as Signal] ?? 'Beside it'}, by {source}.
          </Notice>
        ))}
        {checks?.length === 0 ? <Notice tone="neutral" live title="It is not measured any more." /> : null}
        <Button className="justify-self-start" pending={pending} onClick={save}>
          Ask once and save
        </Button>
      </div>
    </Panel>
  );
}

interface AskedProps {
  current: TargetHealth;
  draft: MeasureDraft;
  fields: Record<string, string>;
  onChange: (changes: Partial<MeasureDraft>) => void;
  onDraft: (draft: MeasureDraft) => void;
}

/** Whom it is asked of, and what. */
function Asked({ current: { measurers }, draft, fields, onChange, onDraft }: AskedProps) {
  const chosen = measurers.find(({ id }) => id === draft.connectionId);
  if (measurers.length === 0)
    return (
      <Notice tone="neutral" title="No connection measures anything. Add one under Connections, or watch an address." />
    );
  return (
    <>
      <div className="grid items-start gap-4 *:min-w-0 sm:grid-cols-2">
        <Field label="Asked of" filter error={fields['health.connectionId']}>
          <NativeSelect value={draft.connectionId} onChange={(event) => onChange({ connectionId: event.target.value })}>
            {measurers.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <Field label="Begin with" filter hint="Fills in the questions below.">
          <NativeSelect
            value=""
            onChange={(event) => {
              const preset = chosen?.presets.find(({ id }) => id === event.target.value);
              if (preset) onDraft(withPreset(draft, preset));
            }}
          >
            <option value="">Choose…</option>
            {chosen?.presets.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </NativeSelect>
        </Field>
      </div>
      {SIGNALS.map((signal) => (
        <Question key={signal} {...{ signal, draft, fields, onChange }} language={chosen?.language ?? ''} />
      ))}
      <Field
        label="Values of placeholders"
        error={errorUnder(fields, 'health.values')}
        hint="A line each, such as job=api for {{job}}. {{component}} and {{environment}} are filled in."
      >
        <Textarea rows={2} value={draft.values} onChange={(event) => onChange({ values: event.target.value })} />
      </Field>
    </>
  );
}

const errorUnder = (fields: Record<string, string>, path: string) =>
  Object.entries(fields).find(([name]) => name === path || name.startsWith(`${path}.`))?.[1];

interface QuestionProps extends Pick<AskedProps, 'draft' | 'fields' | 'onChange'> {
  signal: Signal;
  language: string;
}

function Question({ signal, language, draft, fields, onChange }: QuestionProps) {
  const one = draft.queries[signal];
  const change = (changes: Partial<typeof one>) =>
    onChange({ queries: { ...draft.queries, [signal]: { ...one, ...changes } } });
  return (
    <div className="grid items-start gap-4 *:min-w-0 sm:grid-cols-[minmax(0,1fr)_9rem]">
      <Field label={SIGNAL_WORDS[signal]} error={errorUnder(fields, `health.queries.${signal}`)} hint={language}>
        <Textarea
          rows={2}
          className="font-mono text-xs"
          value={one.expression}
          maxLength={2_000}
          onChange={(event) => change({ expression: event.target.value })}
        />
      </Field>
      <Field label="Its answer is in" filter>
        <NativeSelect value={one.unit} onChange={(event) => change({ unit: event.target.value })}>
          {SIGNAL_UNITS[signal].map((unit) => (
            <option key={unit} value={unit}>
              {unit.replace('_', ' ')}
            </option>
          ))}
        </NativeSelect>
      </Field>
    </div>
  );
}
