'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { MemberView } from '@/lib/members/model/view';
import { GrantsDialog } from './grants-dialog';
import { LinkOnce } from './link-once';
import type { MemberActions, OneTimeLink } from './member-actions';
import type { MemberDialogName, MemberMenuProps } from './member-menu';

interface MemberDialogProps extends Pick<MemberMenuProps, 'member' | 'actions' | 'environments'> {
  open: MemberDialogName;
  onClose: () => void;
}

/** The dialog behind one entry of a person's menu. */
export function MemberDialog({ open, member, actions, environments, onClose }: MemberDialogProps) {
  switch (open) {
    case 'grants':
      return (
        <GrantsDialog member={member} environments={environments} setGrants={actions.setGrants} onClose={onClose} />
      );
    case 'link':
      return <NewLink member={member} newLink={actions.newLink} onClose={onClose} />;
    case 'sessions':
      return (
        <Settle
          action={actions.revokeSessions}
          member={member}
          onClose={onClose}
          title={`End all sessions of ${member.name}?`}
          description="They are signed out everywhere within five seconds, and their API tokens are revoked for good. They can sign in again."
          confirmLabel="End sessions"
        />
      );
    case 'disable':
      return (
        <Settle
          action={actions.disable}
          member={member}
          onClose={onClose}
          title={`Disable ${member.name}?`}
          description="They are signed out and cannot sign in until they are enabled again; their API tokens are revoked for good. What they did stays in the log."
          confirmLabel="Disable member"
        />
      );
  }
}

interface SettleProps {
  action: MemberActions['disable'];
  member: MemberView;
  onClose: () => void;
  title: string;
  description: string;
  confirmLabel: string;
}

function Settle({ action, member, onClose, ...words }: SettleProps) {
  const settling = useAction(action);
  return (
    <ConfirmDialog
      open
      onOpenChange={(next) => !next && onClose()}
      tone="danger"
      {...words}
      error={settling.refusal?.sentence}
      onConfirm={async () => {
        const done = await settling.run({ userId: member.id });
        if (done.ok) onClose();
      }}
    />
  );
}

function NewLink({
  member,
  newLink,
  onClose,
}: Pick<MemberActions, 'newLink'> & { member: MemberView; onClose: () => void }) {
  const making = useAction(newLink);
  const [link, setLink] = useState<OneTimeLink | null>(null);
  if (link) return <LinkOnce title={`A link for ${member.name}`} link={link} onClose={onClose} />;
  return (
    <ConfirmDialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Make a new link for ${member.name}?`}
      description="With it they choose a new password, which ends their sessions and API tokens. Links made before stop working."
      confirmLabel="Make the link"
      error={making.refusal?.sentence}
      onConfirm={async () => {
        const made = await making.run({ userId: member.id });
        if (made.ok) setLink(made.value);
      }}
    />
  );
}
