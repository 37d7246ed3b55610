'use client';

import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { Action } from '@/lib/kernel/result';
import type { NamespaceInput } from '@/lib/publications/model/schemas';
import type { PublishPlace } from '@/lib/publications/model/view';

export type MakeNamespace = Action<NamespaceInput, { outcome: 'created' | 'already'; sentence: string }>;

export interface NamespaceNoticeProps {
  place: PublishPlace;
  makeNamespace: MakeNamespace;
  /** Gets the sentence that says what was done. */
  onMade: (sentence: string) => void;
}

/** Why nothing can be published there yet: the publisher's name is missing and is made by a press, or it is somebody else's. */
export function NamespaceNotice({ place, makeNamespace, onMade }: NamespaceNoticeProps) {
  const making = useAction(makeNamespace);
  const { gallery, targetId, extension, namespace } = place;
  const [publisher = ''] = extension.split('.');
  if (namespace === 'others')
    return (
      <Notice tone="warn" title={`This token may not publish as ${publisher} at ${gallery}`}>
        The namespace belongs to others. Ask one of its owners to add the person of the token.
      </Notice>
    );
  if (namespace !== 'absent') return null;

  async function press() {
    const done = await making.run({ targetId });
    if (done.ok) onMade(done.value.sentence);
  }

  return (
    <div className="grid gap-2">
      <Notice
        tone="warn"
        title={`${gallery} has no namespace ${publisher} yet`}
        action={
          <Button size="sm" pending={making.pending} onClick={() => void press()}>
            Create the namespace {publisher} at {gallery}
          </Button>
        }
      >
        Until it is there, nothing can be published. The person of the token may publish under it then, and does not own
        it: the registry’s administrators are asked for that. A name cannot be given back from here.
      </Notice>
      {making.refusal ? <Notice tone="bad" title={making.refusal.sentence} live /> : null}
    </div>
  );
}
