'use client';

import { type FormEvent, useId, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { SubscriptionView } from '@/lib/notifications/model/view';
import { EnvironmentField, type EventChoice, EventFields } from './event-fields';
import type { SubscriptionActions } from './subscription-actions';

interface EditDialogProps extends Pick<SubscriptionActions, 'update'> {
  subscription: SubscriptionView;
  onClose: () => void;
  /** Another origin gets another secret, which the page shows once. */
  onSecret: (secret: string) => void;
}

export function EditDialog({ subscription, update, onClose, onSecret }: EditDialogProps) {
  const formId = useId();
  const change = useAction(update);
  // Written by the same form, whose names are these.
  const [events, setEvents] = useState(subscription.events as EventChoice[]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const { id, version } = subscription;
    const done = await change.run({
      id,
      version,
      name: text('name'),
      ...(text('url') === '' ? {} : { url: text('url') }),
      events,
      environmentPattern: text('environmentPattern'),
    });
    if (!done.ok) return;
    if (done.value.secret !== null) onSecret(done.value.secret);
    onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Change the receiver"
      footer={
        <>
          <DialogClose asChild>
            <Button>Keep as it is</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="primary" pending={change.pending}>
            Save
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <Field label="Name" required error={change.fields.name}>
          <Input name="name" defaultValue={subscription.name} maxLength={80} autoComplete="off" />
        </Field>
        <Field
          label="New address"
          hint={`Leave it empty to keep the one at ${subscription.origin}. Another host gets a new signing secret.`}
          error={change.fields.url}
        >
          <Input name="url" type="url" autoComplete="off" maxLength={2000} className="font-mono" />
        </Field>
        <EventFields chosen={events} onChange={setEvents} error={change.fields.events} />
        <EnvironmentField value={subscription.environmentPattern} error={change.fields.environmentPattern} />
        {change.refusal ? <Notice tone="bad" live title={change.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
