'use client';

import Form from 'next/form';
import { useEffect, useRef, useState } from 'react';
import { SubmitButton } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { NativeSelect, Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { draftOf, isShown, objectIn, type SettingsDraft, settingsOf } from '@/lib/blueprints/model/settings-draft';
import { fieldsOf, type SettingField } from '@/lib/blueprints/model/settings-fields';
import type { SetupView } from '@/lib/blueprints/model/setup';
import { SettingControl } from './setting-control';

/** They are sent in the address. */
const MAX_SENT = 6_000;
const TOO_LONG = 'These settings are too long to be sent: take something away, such as environment variables.';

interface Typed {
  draft: SettingsDraft;
  /** The JSON, while it is that which was typed; null once a field was. */
  json: string | null;
}

/**
 * The settings as fields, and as JSON under them. Sent as an address; the answer says what is wrong beside the fields, and
 * what was typed stands as it was, the fields of other choices included.
 */
export function SettingsForm({ view }: { view: SetupView }) {
  const [typed, setTyped] = useState(() => startOf(view));
  const [sent, setSent] = useState(typed);
  const form = useRef<HTMLFormElement>(null);
  const waits = useRef(false);
  const { draft, json } = typed;
  const settings = settingsOf(draft);
  const text = json ?? JSON.stringify(settings);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the answer has come when there is another view.
  useEffect(() => {
    if (!waits.current) return;
    waits.current = false;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [view]);

  // A sentence is about what was sent; it goes when that is changed.
  const errorAt = (path: string) => (draft[path] === sent.draft[path] ? view.wrong[path] : undefined);
  const shown = fieldsOf(draft.kind).filter(
    (field) => field.as !== 'fixed' && (isShown(field, draft) || errorAt(field.path) !== undefined),
  );
  const change = (path: string, value: string) => setTyped({ draft: { ...draft, [path]: value }, json: null });

  return (
    <Form
      ref={form}
      action={`/components/${encodeURIComponent(view.component.slug)}/setup`}
      prefetch={false}
      className="grid gap-5 *:min-w-0"
      onSubmit={() => {
        waits.current = true;
        setSent(typed);
      }}
    >
      <input type="hidden" name="settings" value={text} />
      <Place view={view} chosen={draft.repository} onChoose={(at) => change('repository', at)} />
      {view.wrong[''] && typed === sent ? <Notice tone="bad" title={view.wrong['']} /> : null}
      {groupsOf(shown).map(([group, fields]) => (
        <fieldset key={group} className="grid min-w-0 gap-3 sm:grid-cols-2">
          <legend className="mb-2 text-sm font-semibold">{group}</legend>
          {fields.map((field) => (
            <SettingControl
              key={field.path}
              field={field}
              text={draft[field.path]}
              error={errorAt(field.path)}
              onChange={(value) => change(field.path, value)}
            />
          ))}
        </fieldset>
      ))}
      <AsJson
        text={json ?? JSON.stringify(settings, null, 2)}
        usable={draft.kind !== undefined && (json === null || objectIn(json) !== null)}
        onType={(next) => setTyped({ draft: fromJson(next, draft), json: next })}
      />
      <div>
        <SubmitButton variant="secondary" disabledReason={text.length > MAX_SENT ? TOO_LONG : null}>
          Show what changes
        </SubmitButton>
      </div>
    </Form>
  );
}

function startOf(view: SetupView): Typed {
  const draft = draftOf(objectIn(view.settings));
  return draft ? { draft: ours(draft, view), json: null } : { draft: {}, json: view.settings };
}

/** Whose settings they are is not for the settings to say. */
function ours(draft: SettingsDraft, { component, place }: SetupView): SettingsDraft {
  return { ...draft, name: component.slug, ...(place && { repository: place.repository }) };
}

/** While it is no settings yet, the fields stay as they were. */
function fromJson(text: string, before: SettingsDraft): SettingsDraft {
  const next = draftOf(objectIn(text));
  return next ? { ...before, ...next } : before;
}

function groupsOf(fields: readonly SettingField[]): [string, SettingField[]][] {
  const groups = new Map<string, SettingField[]>();
  for (const field of fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field]);
  return [...groups];
}

interface PlaceProps {
  view: SetupView;
  chosen: string | undefined;
  onChoose: (repository: string) => void;
}

function Place({ view, chosen, onChoose }: PlaceProps) {
  const at = chosen ?? view.place?.repository ?? '';
  const known = view.places.find(({ repository }) => repository.toLowerCase() === at.toLowerCase()) ?? view.place;
  if (view.places.length < 2) return <input type="hidden" name="repository" value={known?.repository ?? ''} />;
  return (
    <Field label="Repository" filter>
      <NativeSelect name="repository" value={known?.repository} onChange={(event) => onChoose(event.target.value)}>
        {view.places.map(({ repository, connectionName }) => (
          <option key={repository} value={repository}>
            {repository} (by {connectionName})
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

interface AsJsonProps {
  text: string;
  /** It is settings, or at least one object. */
  usable: boolean;
  onType: (text: string) => void;
}

function AsJson({ text, usable, onType }: AsJsonProps) {
  // Open where there are no fields to fill in; afterwards it is for people to open and close.
  const [open] = useState(!usable);
  return (
    <details open={open}>
      <summary className="cursor-pointer text-sm text-accent">The same as JSON</summary>
      <Field
        label="What the files are made from"
        hint="What is changed here is changed in the fields too."
        error={usable ? null : 'Write them as one JSON object.'}
        filter
        className="mt-2"
      >
        <Textarea
          rows={Math.min(24, Math.max(8, text.split('\n').length))}
          spellCheck={false}
          value={text}
          onChange={(event) => onType(event.target.value)}
          className="font-mono text-xs"
        />
      </Field>
    </details>
  );
}
