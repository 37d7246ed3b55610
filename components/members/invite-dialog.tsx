'use client';

import { type FormEvent, useId, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { draftOf, GrantsEditor, grantsOf } from './grants-editor';
import { LinkOnce } from './link-once';
import type { MemberActions, OneTimeLink } from './member-actions';

interface InviteDialogProps extends Pick<MemberActions, 'invite'> {
  environments: readonly string[];
  onClose: () => void;
}

/** A new person: login, name, roles; answers with a link that is shown once. */
export function InviteDialog({ invite, environments, onClose }: InviteDialogProps) {
  const formId = useId();
  const inviting = useAction(invite);
  const [draft, setDraft] = useState(() => draftOf([{ role: 'viewer', environmentPattern: '*' }]));
  const [link, setLink] = useState<{ login: string; link: OneTimeLink } | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const login = String(form.get('login') ?? '');
    const made = await inviting.run({ login, name: String(form.get('name') ?? ''), grants: grantsOf(draft) });
    if (made.ok) setLink({ login: login.trim(), link: made.value });
  }

  if (link) return <LinkOnce title={`${link.login} is invited`} link={link.link} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Invite a member"
      description="You get a link for this person to choose a password with. It works once."
      footer={
        <>
          <DialogClose asChild>
            <Button>Do not invite</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="primary" pending={inviting.pending}>
            Make the link
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Login" required hint="What they type to sign in." error={inviting.fields.login}>
            <Input name="login" autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={64} />
          </Field>
          <Field label="Name" required error={inviting.fields.name}>
            <Input name="name" autoComplete="off" maxLength={80} />
          </Field>
        </div>
        <GrantsEditor draft={draft} onChange={setDraft} environments={environments} errors={inviting.fields} />
        {inviting.refusal ? <Notice tone="bad" live title={inviting.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
