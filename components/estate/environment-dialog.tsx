'use client';

import { useAction } from '@/components/console/use-action';
import { Checkbox } from '@/components/ui/choice';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { EstateEnvironment } from '@/lib/targets/model/view';
import { EditFrame } from './edit-frame';
import type { EstateActions } from './estate-actions';
import { numberFrom } from './field-text';
import { NameFields } from './name-fields';

interface EnvironmentDialogProps {
  /** Null for a new one. */
  environment: EstateEnvironment | null;
  /** Where a new one stands. */
  position: number;
  actions: Pick<EstateActions, 'createEnvironment' | 'updateEnvironment'>;
  onClose: () => void;
}

export function EnvironmentDialog({ environment, position, actions, onClose }: EnvironmentDialogProps) {
  const creation = useAction(actions.createEnvironment);
  const change = useAction(actions.updateEnvironment);
  const { pending, refusal, fields } = environment ? change : creation;

  async function save(form: FormData) {
    const input = {
      name: String(form.get('name') ?? ''),
      isProduction: form.get('isProduction') === 'on',
      position: numberFrom(form.get('position')),
    };
    const done = environment
      ? await change.run({ id: environment.id, ...input })
      : await creation.run({ slug: String(form.get('slug') ?? ''), ...input });
    if (done.ok) onClose();
  }

  return (
    <EditFrame
      title={environment ? `Change ${environment.name}` : 'Add an environment'}
      submit={environment ? 'Save' : 'Add environment'}
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      <NameFields stored={environment} errors={fields} example="production" />
      <Checkbox
        name="isProduction"
        label="This is production"
        hint="A deployment whose outcome is unknown then waits for a person instead of being sent again."
        defaultChecked={environment?.isProduction ?? false}
        error={fields.isProduction}
      />
      <Field label="Order" required error={fields.position} hint="The lowest number comes first.">
        <Input
          name="position"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={environment?.position ?? position}
          className="max-w-24"
        />
      </Field>
    </EditFrame>
  );
}
