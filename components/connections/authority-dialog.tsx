'use client';

import { type FormEvent, useId, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import type { ConnectionDetail } from '@/lib/connections/model/view';
import { AuthorityField } from './authority-field';
import type { ConnectionActions } from './connection-actions';
import { tellCheck } from './tell-check';

export interface AuthorityProps {
  connection: Pick<ConnectionDetail, 'id' | 'version' | 'credential' | 'authorities'>;
  actions: Pick<ConnectionActions, 'setAuthorities' | 'verify'>;
}

interface AuthorityDialogProps extends AuthorityProps {
  onClose: () => void;
}

const EMPTY = 'Paste the certificate of the authority.';

/** Other authorities in place of those that stand there, or the usual ones again; checked at once. */
export function AuthorityDialog({ connection, actions, onClose }: AuthorityDialogProps) {
  const formId = useId();
  const change = useAction(actions.setAuthorities);
  const check = useAction(actions.verify);
  const { id, version, authorities } = connection;
  const pending = change.pending || check.pending;
  const [isEmpty, setEmpty] = useState(false);

  async function store(text: string) {
    const done = await change.run({ id, version, authorities: text });
    if (!done.ok) return;
    const checked = connection.credential.present ? await check.run({ id }) : null;
    onClose();
    if (checked?.ok) tellCheck(checked.value);
    else if (checked)
      notify({ tone: 'warn', title: 'Stored, but the check did not succeed', body: checked.refusal.sentence });
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('authorities') ?? '').trim();
    setEmpty(text === '');
    if (text !== '') await store(text);
  }

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Certificate authority"
      description="What you paste replaces what stands there. While a server changes from one to the next, paste both."
      footer={
        <>
          <DialogClose asChild>
            <Button>Keep as it is</Button>
          </DialogClose>
          {authorities.trusted.length > 0 ? (
            <Button pending={pending} onClick={() => store('')}>
              Use the usual ones
            </Button>
          ) : null}
          <Button type="submit" form={formId} variant="primary" pending={pending}>
            Replace and check
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <AuthorityField required foundAt={authorities.foundAt} error={isEmpty ? EMPTY : change.fields.authorities} />
        {change.refusal ? <Notice tone="bad" live title={change.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
