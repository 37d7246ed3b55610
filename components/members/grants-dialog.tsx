'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { MemberView } from '@/lib/members/model/view';
import { draftOf, GrantsEditor, grantsOf } from './grants-editor';
import type { MemberActions } from './member-actions';

interface GrantsDialogProps extends Pick<MemberActions, 'setGrants'> {
  member: MemberView;
  environments: readonly string[];
  onClose: () => void;
}

/** What one person may do, all of it at once. */
export function GrantsDialog({ member, environments, setGrants, onClose }: GrantsDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(member.grants));
  const saving = useAction(setGrants);

  async function save() {
    const done = await saving.run({ userId: member.id, grants: grantsOf(draft) });
    if (done.ok) onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Roles of ${member.name}`}
      description="They count from the next request on; nobody has to sign in again."
      footer={
        <>
          <DialogClose asChild>
            <Button>Keep as it is</Button>
          </DialogClose>
          <Button variant="primary" pending={saving.pending} onClick={save}>
            Save roles
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <GrantsEditor draft={draft} onChange={setDraft} environments={environments} errors={saving.fields} />
        {saving.refusal ? <Notice tone="bad" live title={saving.refusal.sentence} /> : null}
      </div>
    </Dialog>
  );
}
