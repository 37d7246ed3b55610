'use client';

import type { FormEvent } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { GalleryPerson, NamespaceView } from '@/lib/gallery/model/view';
import type { Action } from '@/lib/kernel/result';
import { ManageNamespace, type NamespaceActions } from './manage-namespace';

export interface NamespacesProps {
  namespaces: readonly NamespaceView[];
  actions: NamespaceActions & { create: Action<{ namespace: string }, unknown> };
  /** Why this person may not make one; null when they may. */
  disabledReason: string | null;
  /** Whom this person can make an owner. */
  people: readonly GalleryPerson[];
  /** Who looks at it; null for nobody who could own one. */
  userId: string | null;
}

/** Who may publish what: a namespace is called like the publisher in package.json. */
export function Namespaces({ namespaces, actions, disabledReason, people, userId }: NamespacesProps) {
  const making = useAction(actions.create);
  const owning = useAction(actions.addOwner);
  const mayOwn = disabledReason === null ? userId : null;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const done = await making.run({ namespace: String(new FormData(form).get('namespace') ?? '') });
    if (done.ok) form.reset();
  }

  return (
    <Panel
      title="Namespaces"
      description="Called like the publisher in package.json. Its owners publish and yank, and add others. A name is never given up."
      body="flush"
    >
      <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3 border-b border-line px-4 py-3">
        <Field label="Publisher" required error={making.fields.namespace} className="min-w-0 flex-1 basis-48">
          <Input name="namespace" autoComplete="off" maxLength={63} spellCheck={false} />
        </Field>
        <Button type="submit" pending={making.pending} disabledReason={disabledReason}>
          Make the namespace
        </Button>
      </form>
      {making.refusal ? <Notice tone="bad" live title={making.refusal.sentence} /> : null}
      {owning.refusal ? <Notice tone="bad" live title={owning.refusal.sentence} /> : null}
      <ul className="divide-y divide-line">
        {namespaces.map((each) => (
          <NamespaceLine
            key={each.name}
            namespace={each}
            pending={owning.pending}
            own={
              mayOwn === null || each.owners.some(({ id }) => id === mayOwn)
                ? null
                : () => void owning.run({ namespace: each.name, userId: mayOwn })
            }
            {...{ people, actions }}
          />
        ))}
        {namespaces.length === 0 ? (
          <li className="px-4 py-3 text-sm text-ink-soft">There is no namespace, so nothing can be published yet.</li>
        ) : null}
      </ul>
    </Panel>
  );
}

interface NamespaceLineProps {
  namespace: NamespaceView;
  people: readonly GalleryPerson[];
  actions: NamespaceActions;
  pending: boolean;
  /** Makes this person an owner; null where they are one, or may not. */
  own: (() => void) | null;
}

function NamespaceLine({ namespace, people, actions, pending, own }: NamespaceLineProps) {
  const { name, owners, extensions, keep, mayManage } = namespace;
  const active = owners.filter(({ disabled }) => !disabled);
  return (
    <li className="grid gap-2 px-4 py-2.5 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="grid min-w-0 flex-1 basis-56 gap-0.5">
          <span className="break-all font-medium">{name}</span>
          <span className="wrap-anywhere text-xs text-ink-faint">
            {extensions} {extensions === 1 ? 'extension' : 'extensions'} · owned by{' '}
            {active.map((owner) => owner.name).join(', ') || 'nobody, so nobody can publish to it'} · keeps{' '}
            {keep === null ? 'all versions' : keep === 1 ? 'the newest version' : `the newest ${keep} versions`}
          </span>
        </span>
        {own ? (
          <Button size="sm" pending={pending} aria-label={`Become an owner of ${name}`} onClick={own}>
            Become an owner
          </Button>
        ) : null}
      </div>
      {mayManage ? <ManageNamespace {...{ namespace, people, actions }} /> : null}
    </li>
  );
}
