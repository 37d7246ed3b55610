'use client';

import type { FormEvent } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import type { NamespaceView } from '@/lib/gallery/model/view';
import type { Action } from '@/lib/kernel/result';

export interface NamespacesProps {
  namespaces: readonly NamespaceView[];
  create: Action<{ namespace: string }, unknown>;
  /** Why this person may not make one; null when they may. */
  disabledReason: string | null;
  addOwner: Action<{ namespace: string; userId: string }, unknown>;
  /** Who looks at it; null for nobody who could own one. */
  userId: string | null;
}

/** Who may publish what: a namespace is called like the publisher in package.json. */
export function Namespaces({ namespaces, create, disabledReason, addOwner, userId }: NamespacesProps) {
  const making = useAction(create);
  const owning = useAction(addOwner);
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
      description="Called like the publisher in package.json. A name is never given up."
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
  pending: boolean;
  /** Makes this person an owner; null where they are one, or may not. */
  own: (() => void) | null;
}

function NamespaceLine({ namespace: { name, owners, extensions, keep }, pending, own }: NamespaceLineProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5 text-sm">
      <span className="grid min-w-0 flex-1 basis-56 gap-0.5">
        <span className="break-all font-medium">{name}</span>
        <span className="text-xs text-ink-faint">
          {extensions} {extensions === 1 ? 'extension' : 'extensions'} · owned by{' '}
          {owners.map((owner) => owner.name).join(', ') || 'nobody, so nobody can publish to it'} · keeps{' '}
          {keep === null ? 'all versions' : `the newest ${keep} versions`}
        </span>
      </span>
      {own ? (
        <Button size="sm" pending={pending} aria-label={`Become an owner of ${name}`} onClick={own}>
          Become an owner
        </Button>
      ) : null}
    </li>
  );
}
