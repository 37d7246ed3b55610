'use client';

import { useAction } from '@/components/console/use-action';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect, Textarea } from '@/components/ui/input';
import type { ComponentSummary } from '@/lib/components/model/view';
import type { EstateView } from '@/lib/targets/model/view';
import { EditFrame } from './edit-frame';
import type { EstateActions } from './estate-actions';
import { errorOf, linesOf, numberFrom } from './field-text';
import { ImageFields, imageFrom } from './image-fields';
import { KIND_WORDS, KINDS } from './kind-words';
import { NameFields } from './name-fields';

interface ComponentDialogProps {
  /** Null for a new one. */
  component: ComponentSummary | null;
  /** Where a new one stands. */
  position: number;
  /** Connections that images can be read through. */
  registries: EstateView['connections'];
  actions: Pick<EstateActions, 'createComponent' | 'updateComponent'>;
  onClose: () => void;
}

function kindFrom(value: FormDataEntryValue | null): ComponentSummary['kind'] {
  return KINDS.find((kind) => kind === value) ?? 'other';
}

export function ComponentDialog({ component, position, registries, actions, onClose }: ComponentDialogProps) {
  const creation = useAction(actions.createComponent);
  const change = useAction(actions.updateComponent);
  const { pending, refusal, fields } = component ? change : creation;

  async function save(form: FormData) {
    const input = {
      name: String(form.get('name') ?? ''),
      kind: kindFrom(form.get('kind')),
      description: String(form.get('description') ?? ''),
      paths: linesOf(String(form.get('paths') ?? '')),
      position: numberFrom(form.get('position')),
      ...imageFrom(form),
    };
    const done = component
      ? await change.run({ id: component.id, ...input })
      : await creation.run({ slug: String(form.get('slug') ?? ''), ...input });
    if (done.ok) onClose();
  }

  return (
    <EditFrame
      title={component ? `Change ${component.name}` : 'Add a component'}
      submit={component ? 'Save' : 'Add component'}
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <NameFields stored={component} errors={fields} example="web-app" />
      <Field label="Kind" required error={fields.kind}>
        <NativeSelect name="kind" defaultValue={component?.kind ?? 'backend'}>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {KIND_WORDS[kind]}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <Field label="Description" error={fields.description}>
        <Input name="description" defaultValue={component?.description ?? ''} maxLength={300} autoComplete="off" />
      </Field>
      <Field
        label="Folders of the repository"
        error={errorOf(fields, 'paths')}
        hint="Where its code lies: one a line, such as services/api."
      >
        <Textarea
          name="paths"
          defaultValue={component?.paths.join('\n') ?? ''}
          spellCheck={false}
          className="font-mono"
        />
      </Field>
      <ImageFields stored={component?.image ?? null} registries={registries} errors={fields} />
      <Field label="Order" required error={fields.position} hint="The lowest number comes first.">
        <Input
          name="position"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={component?.position ?? position}
          className="max-w-24"
        />
      </Field>
    </EditFrame>
  );
}
