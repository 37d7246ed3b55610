'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { NativeSelect } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { SetRuntimeInput } from '@/lib/configuration/model/schemas';
import type { RuntimeSet } from '@/lib/configuration/model/view';
import type { Action } from '@/lib/kernel/result';
import type { InputValue } from '@/lib/providers/port';
import type { EstateTarget, EstateView } from '@/lib/targets/model/view';
import { SettingsFields } from './settings-fields';
import { configOf, isComplete, type ProviderForm, scalars } from './target-draft';

export interface RuntimeFormProps {
  target: EstateTarget;
  connections: EstateView['connections'];
  /** Providers that keep settings of what runs, with what each asks for. */
  runtimes: Record<string, ProviderForm & { says: string }>;
  /** Why the reader may not name one or aim it elsewhere; null when they may. Taking it away asks `target.settings`. */
  refusal: string | null;
  set: Action<SetRuntimeInput, RuntimeSet>;
}

/** Where what runs on a target keeps its own secrets and variables, when that is not who deploys it. */
export function RuntimeForm({ target, connections, runtimes, refusal: whyNotNamed, set }: RuntimeFormProps) {
  const router = useRouter();
  const { run, pending, refusal, fields: errors } = useAction(set);
  const [connectionId, choose] = useState(target.runtime?.connectionId ?? '');
  const [values, edit] = useState<Record<string, InputValue>>(() =>
    Object.fromEntries(scalars(target.runtime?.config)),
  );
  const [found, show] = useState<RuntimeSet | null>(null);
  const able = connections.filter(({ providerId, use }) => use.runtime && Object.hasOwn(runtimes, providerId));
  const provider = runtimes[able.find(({ id }) => id === connectionId)?.providerId ?? ''] ?? null;
  const config = configOf({ values, inputs: [] }, provider?.fields ?? []);

  async function save() {
    const runtime = provider ? { connectionId, config } : null;
    const done = await run({ targetId: target.id, version: target.version, runtime });
    if (!done.ok) return;
    show(done.value);
    router.refresh();
  }

  const unfinished = provider && !isComplete(values, provider.fields) ? 'Fill in what is marked as required.' : null;
  return (
    <Panel
      title="Settings of what runs there"
      description="Where it keeps its own secrets and variables, when that is not where it is deployed from."
      className="mt-5 max-w-3xl"
    >
      <div className="grid gap-5 *:min-w-0">
        <Field
          label="Runtime"
          error={errors['runtime.connectionId']}
          hint={
            able.length === 0
              ? 'Add a connection to where it runs first, under Connections.'
              : (provider?.says ?? 'Its settings then stand under Configuration, beside those of the deployment.')
          }
        >
          <NativeSelect value={connectionId} onChange={(event) => choose(event.target.value)}>
            <option value="">None</option>
            {able.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
        {provider ? (
          <SettingsFields
            fields={provider.fields}
            values={values}
            errors={ofConfig(errors)}
            connectionId={connectionId}
            onChange={(changes) => edit({ ...values, ...changes })}
          />
        ) : null}
        {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
        {found ? <Found found={found} /> : null}
        <Button
          className="justify-self-start"
          pending={pending}
          disabledReason={target.settings ?? (provider ? whyNotNamed : null) ?? unfinished}
          onClick={save}
        >
          Save
        </Button>
      </div>
    </Panel>
  );
}

/** The refusal names them below `runtime`, and the fields look below `config`. */
function ofConfig(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).map(([name, text]) => [name.replace(/^runtime\./, ''), text]));
}

function Found({ found: { places, problem } }: { found: RuntimeSet }) {
  if (problem !== null && places.length > 0) return <Notice tone="warn" live title={`Kept. ${problem}`} />;
  if (problem !== null) return <Notice tone="warn" live title={`Kept, but it could not be read: ${problem}`} />;
  if (places.length === 0) return <Notice tone="good" live title="Kept." />;
  const lines = places.map(({ label, absent }) => (absent === null ? label : `${label}: ${absent}`));
  const tone = places.some(({ absent }) => absent !== null) ? 'warn' : 'good';
  return (
    <Notice tone={tone} live title="Kept. It reads:">
      {lines.join(' · ')}
    </Notice>
  );
}
