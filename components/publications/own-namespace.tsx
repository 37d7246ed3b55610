'use client';

import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import type { Action } from '@/lib/kernel/result';
import type { PublishPlace } from '@/lib/publications/model/view';

export interface OwnNamespaceActions {
  createOwn: Action<{ namespace: string }, unknown>;
  becomeOwner: Action<{ namespace: string; userId: string }, unknown>;
}

export interface OwnNamespaceProps {
  own: NonNullable<PublishPlace['ownNamespace']>;
  actions: OwnNamespaceActions;
}

/** The way into the console's own gallery: a press for whoever may take it, the page with the owners for all others. */
export function OwnNamespace({ own: { publisher, lacks, mendBy }, actions }: OwnNamespaceProps) {
  const making = useAction(actions.createOwn);
  const owning = useAction(actions.becomeOwner);
  const refusal = making.refusal ?? owning.refusal;

  async function press(userId: string) {
    const namespace = publisher;
    const done = lacks === 'namespace' ? await making.run({ namespace }) : await owning.run({ namespace, userId });
    if (done.ok) notify({ tone: 'good', title: `You own the namespace ${publisher}` });
  }

  return (
    <div className="flex flex-wrap items-center gap-2 pl-6.5">
      {mendBy === null ? null : (
        <Button size="sm" pending={making.pending || owning.pending} onClick={() => void press(mendBy)}>
          {lacks === 'namespace' ? `Make the namespace ${publisher}` : `Become an owner of ${publisher}`}
        </Button>
      )}
      <ButtonLink size="sm" href="/gallery/tokens">
        Owners of namespaces
      </ButtonLink>
      {refusal ? <Notice tone="bad" live title={refusal.sentence} className="basis-full" /> : null}
    </div>
  );
}
