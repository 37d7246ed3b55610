'use client';

import { Ban, Ellipsis, Link2, LogOut, ShieldUser, UserCheck } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { MenuEntry } from '@/components/ui/menu';
import { MenuButton } from '@/components/ui/menu-button';
import { notify } from '@/components/ui/notify';
import type { MemberView } from '@/lib/members/model/view';
import { GrantsDialog } from './grants-dialog';
import { LinkOnce } from './link-once';
import type { MemberActions, OneTimeLink } from './member-actions';

export interface MemberMenuProps {
  member: MemberView;
  isYou: boolean;
  actions: Omit<MemberActions, 'invite'>;
  environments: readonly string[];
  /** Why this person may not change members; null when they may. */
  disabledReason: string | null;
}

type Open = 'grants' | 'link' | 'sessions' | 'disable' | null;

/** Everything that can be done about one person. */
export function MemberMenu({ member, isYou, actions, environments, disabledReason }: MemberMenuProps) {
  const [open, setOpen] = useState<Open>(null);
  const enabling = useAction(actions.enable);

  async function enable() {
    const done = await enabling.run({ userId: member.id });
    if (done.ok) notify({ tone: 'good', title: `${member.name} can sign in again` });
    else notify({ tone: 'bad', title: done.refusal.sentence });
  }

  return (
    <>
      <MenuButton
        button={{
          kind: 'icon',
          label: `Actions for ${member.name}`,
          icon: <Ellipsis aria-hidden />,
          pending: enabling.pending,
        }}
        entries={entriesFor({ member, isYou, disabledReason, open: setOpen, enable })}
      />
      {open ? (
        <MemberDialog
          open={open}
          member={member}
          actions={actions}
          environments={environments}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  );
}

interface EntriesInput extends Pick<MemberMenuProps, 'member' | 'isYou' | 'disabledReason'> {
  open: (dialog: Open) => void;
  enable: () => void;
}

function entriesFor({ member, isYou, disabledReason, open, enable }: EntriesInput): MenuEntry[] {
  const foreign =
    member.signIn === 'identity' ? 'They sign in with an outside account and have no password here.' : null;
  const idle = member.sessions === 0 ? 'There is no open session.' : null;
  const self = isYou ? 'You cannot disable yourself; ask another administrator.' : null;
  return [
    {
      kind: 'action',
      id: 'grants',
      label: 'Change roles…',
      icon: <ShieldUser aria-hidden />,
      onSelect: () => open('grants'),
      disabledReason,
    },
    {
      kind: 'action',
      id: 'link',
      label: member.signIn === 'invited' ? 'New invitation link…' : 'Link to set a new password…',
      icon: <Link2 aria-hidden />,
      onSelect: () => open('link'),
      disabledReason: disabledReason ?? foreign,
    },
    {
      kind: 'action',
      id: 'sessions',
      label: 'End all sessions…',
      icon: <LogOut aria-hidden />,
      onSelect: () => open('sessions'),
      disabledReason: disabledReason ?? idle,
    },
    member.disabledAt
      ? {
          kind: 'action',
          id: 'enable',
          label: 'Enable',
          icon: <UserCheck aria-hidden />,
          onSelect: enable,
          disabledReason,
        }
      : {
          kind: 'action',
          id: 'disable',
          label: 'Disable…',
          icon: <Ban aria-hidden />,
          tone: 'danger',
          onSelect: () => open('disable'),
          disabledReason: disabledReason ?? self,
        },
  ];
}

interface MemberDialogProps extends Pick<MemberMenuProps, 'member' | 'actions' | 'environments'> {
  open: NonNullable<Open>;
  onClose: () => void;
}

function MemberDialog({ open, member, actions, environments, onClose }: MemberDialogProps) {
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
          description="They are signed out everywhere within five seconds and can sign in again."
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
          description="They are signed out and cannot sign in until they are enabled again. What they did stays in the log."
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
      description="With it they choose a new password. Links made before stop working."
      confirmLabel="Make the link"
      error={making.refusal?.sentence}
      onConfirm={async () => {
        const made = await making.run({ userId: member.id });
        if (made.ok) setLink(made.value);
      }}
    />
  );
}
