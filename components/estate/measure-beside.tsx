'use client';

import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { TargetHealth } from '@/lib/observability/model/verdict-view';
import type { MeasureDraft } from './measure-draft';

interface BesideFieldsProps {
  current: TargetHealth;
  draft: MeasureDraft;
  fields: Record<string, string>;
  onChange: (changes: Partial<MeasureDraft>) => void;
}

/** Whose alerts and issues stand beside the verdict, and where a deployment is written down. Empty = not at all. */
export function BesideFields({ current: { watchers, writers }, draft, fields, onChange }: BesideFieldsProps) {
  const { alerts, notes } = draft;
  const given = (list: readonly { id: string }[], of: Record<string, string>) =>
    list.filter(({ id }) => (of[id] ?? '').trim() !== '');
  const errorOf = (kind: string, list: readonly { id: string }[], of: Record<string, string>, id: string) =>
    Object.entries(fields).find(([name]) =>
      name.startsWith(`health.${kind}.${given(list, of).findIndex((each) => each.id === id)}.`),
    )?.[1];
  return (
    <>
      {watchers.map(({ id, name, scope }) => (
        <Field
          key={id}
          label={`${scope.label}, at ${name}`}
          hint={`${scope.hint} Such as ${scope.example}. One that fires counts for the verdict.`}
          error={errorOf('alerts', watchers, alerts, id)}
        >
          <Scope value={alerts[id] ?? ''} onValue={(value) => onChange({ alerts: { ...alerts, [id]: value } })} />
        </Field>
      ))}
      {writers.map(({ id, name, writes, scope }) => (
        <Field
          key={id}
          label={`${scope.label}, at ${name}`}
          hint={`${scope.hint} Such as ${scope.example}. Each deployment that goes live has ${writes} there.`}
          error={errorOf('notes', writers, notes, id)}
        >
          <Scope value={notes[id] ?? ''} onValue={(value) => onChange({ notes: { ...notes, [id]: value } })} />
        </Field>
      ))}
    </>
  );
}

function Scope({ value, onValue, ...rest }: { value: string; onValue: (value: string) => void }) {
  return (
    <Input
      {...rest}
      value={value}
      maxLength={500}
      autoComplete="off"
      spellCheck={false}
      className="font-mono text-xs"
      onChange={(event) => onValue(event.target.value)}
    />
  );
}
