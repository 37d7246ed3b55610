'use client';

import { type FormEvent, useId, useState } from 'react';
import { SecretOnce } from '@/components/connections/secret-once';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { RadioGroup } from '@/components/ui/choice';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { SubscriptionKind } from '@/lib/notifications/model/view';
import { EnvironmentField, type EventChoice, EventFields } from './event-fields';
import type { SubscriptionActions } from './subscription-actions';

const KINDS = [
  { value: 'webhook', label: 'Signed webhook', hint: 'JSON, signed as Standard Webhooks has it.' },
  {
    value: 'slack',
    label: 'Slack message',
    hint: 'The address of an incoming webhook, of Slack or what takes its form.',
  },
];

interface AddDialogProps extends Pick<SubscriptionActions, 'subscribe'> {
  onClose: () => void;
}

/** A new receiver; the signing secret is shown once, in the same dialog. */
export function AddDialog({ subscribe, onClose }: AddDialogProps) {
  const formId = useId();
  const adding = useAction(subscribe);
  const [kind, setKind] = useState<SubscriptionKind>('webhook');
  const [events, setEvents] = useState<EventChoice[]>(['*']);
  const [secret, setSecret] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const made = await adding.run({
      name: text('name'),
      kind,
      url: text('url'),
      events,
      environmentPattern: text('environmentPattern'),
    });
    if (!made.ok) return;
    if (made.value.secret === null) onClose();
    else setSecret(made.value.secret);
  }

  if (secret !== null) {
    return (
      <Dialog open onOpenChange={(next) => !next && onClose()} title="Added">
        <SecretOnce label="Signing secret" value={secret} onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Add a receiver"
      footer={
        <>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="primary" pending={adding.pending}>
            Add
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <Field label="Name" required error={adding.fields.name}>
          <Input name="name" maxLength={80} autoComplete="off" placeholder="Team channel" />
        </Field>
        <RadioGroup
          legend="Form"
          name="kind"
          options={KINDS}
          value={kind}
          onValueChange={(value) => setKind(value === 'slack' ? 'slack' : 'webhook')}
        />
        <Field
          label="Address"
          required
          hint="Kept sealed and never shown again, because whoever knows it can write there. https, on the public internet."
          error={adding.fields.url}
        >
          <Input name="url" type="url" autoComplete="off" maxLength={2000} className="font-mono" />
        </Field>
        <EventFields chosen={events} onChange={setEvents} error={adding.fields.events} />
        <EnvironmentField value="*" error={adding.fields.environmentPattern} />
        {adding.refusal ? <Notice tone="bad" live title={adding.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
