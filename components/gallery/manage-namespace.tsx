'use client';

import { type FormEvent, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { Field } from '@/components/ui/field';
import { Input, NativeSelect } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import type { GalleryPerson, NamespaceView } from '@/lib/gallery/model/view';
import type { Action } from '@/lib/kernel/result';

export interface NamespaceActions {
  addOwner: Action<{ namespace: string; userId: string }, unknown>;
  removeOwner: Action<{ namespace: string; userId: string }, unknown>;
  setKeep: Action<{ namespace: string; keep: number | null }, unknown>;
}

interface ManageNamespaceProps {
  namespace: NamespaceView;
  people: readonly GalleryPerson[];
  actions: NamespaceActions;
}

/** For its owners, and whoever manages components: who else owns it, and how much of it stays. */
export function ManageNamespace({ namespace, people, actions }: ManageNamespaceProps) {
  return (
    <details>
      <summary className="w-fit cursor-pointer text-xs text-ink-soft pointer-coarse:py-3">
        Owners and retention<span className="sr-only"> of {namespace.name}</span>
      </summary>
      <div className="grid gap-4 pt-3 *:min-w-0">
        <ul aria-label={`Owners of ${namespace.name}`} className="grid gap-2">
          {namespace.owners.map((owner) => (
            <OwnerLine key={owner.id} namespace={namespace.name} owner={owner} removeOwner={actions.removeOwner} />
          ))}
        </ul>
        <AddOwner namespace={namespace} people={people} addOwner={actions.addOwner} />
        <Keep key={namespace.keep} namespace={namespace} setKeep={actions.setKeep} />
      </div>
    </details>
  );
}

interface OwnerLineProps {
  namespace: string;
  owner: NamespaceView['owners'][number];
  removeOwner: NamespaceActions['removeOwner'];
}

function OwnerLine({ namespace, owner: { id, name, disabled }, removeOwner }: OwnerLineProps) {
  const removing = useAction(removeOwner);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="wrap-anywhere min-w-0 flex-1 basis-40">
        {name}
        {disabled ? <span className="text-ink-faint"> · disabled</span> : null}
      </span>
      <ConfirmButton
        size="sm"
        aria-label={`Remove ${name} from the owners of ${namespace}`}
        pending={removing.pending}
        confirm={{
          title: `Remove ${name} from the owners of ${namespace}?`,
          description: `${name} can publish and yank there no longer, also by tokens of theirs. What is published stays.`,
          confirmLabel: 'Remove the owner',
          tone: 'danger',
        }}
        onConfirm={async () => {
          const done = await removing.run({ namespace, userId: id });
          return done.ok ? null : done.refusal.sentence;
        }}
      >
        Remove…
      </ConfirmButton>
    </li>
  );
}

interface AddOwnerProps {
  namespace: NamespaceView;
  people: readonly GalleryPerson[];
  addOwner: NamespaceActions['addOwner'];
}

function AddOwner({ namespace: { name, owners }, people, addOwner }: AddOwnerProps) {
  const adding = useAction(addOwner);
  const [userId, choose] = useState('');
  const others = people.filter(({ id }) => !owners.some((owner) => owner.id === id));
  if (others.length === 0)
    return <p className="text-xs text-ink-faint">Everybody who may deploy somewhere is an owner.</p>;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await adding.run({ namespace: name, userId });
    if (!done.ok) return;
    choose('');
    notify({ tone: 'good', title: `${name} has one more owner` });
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3">
      <Field label="Another owner" hint="Who may deploy somewhere." filter className="min-w-0 flex-1 basis-48">
        <NativeSelect value={userId} onChange={(event) => choose(event.target.value)}>
          <option value="">Choose a person</option>
          {others.map(({ id, name: person, login }) => (
            <option key={id} value={id}>
              {person} ({login})
            </option>
          ))}
        </NativeSelect>
      </Field>
      <Button
        type="submit"
        aria-label={`Add an owner of ${name}`}
        pending={adding.pending}
        disabledReason={userId === '' ? 'Choose a person first.' : null}
      >
        Add the owner
      </Button>
      {adding.refusal ? <Notice tone="bad" live title={adding.refusal.sentence} className="basis-full" /> : null}
    </form>
  );
}

interface KeepProps {
  namespace: NamespaceView;
  setKeep: NamespaceActions['setKeep'];
}

function Keep({ namespace: { name, keep }, setKeep }: KeepProps) {
  const setting = useAction(setKeep);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('keep') ?? '').trim();
    const done = await setting.run({ namespace: name, keep: text === '' ? null : Number(text) });
    if (done.ok) notify({ tone: 'good', title: `What ${name} keeps is set` });
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3">
      <Field
        label="Keeps so many of the newest versions"
        hint="Of each extension; empty = all. Once an hour older ones go out of the gallery for good, unless somebody fetched them within 30 days."
        error={setting.fields.keep}
        className="min-w-0 flex-1 basis-48"
      >
        <Input name="keep" type="number" inputMode="numeric" min={1} max={1000} defaultValue={keep ?? ''} />
      </Field>
      <Button type="submit" aria-label={`Set what ${name} keeps`} pending={setting.pending}>
        Set
      </Button>
      {setting.refusal ? <Notice tone="bad" live title={setting.refusal.sentence} className="basis-full" /> : null}
    </form>
  );
}
