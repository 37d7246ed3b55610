'use client';

import { Ban, Ellipsis, Link2, LogOut, ShieldUser, UserCheck } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
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
  const close = () => setOpen(null);

  async function enable() {
    const done = await enabling.run({ userId: member.id });
    if (done.ok) notify({ tone: 'good', title: `${member.name} can sign in again` });
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
        entries={[
          {
            kind: 'action',
            id: 'grants',
            label: 'Change roles…',
            icon: <ShieldUser aria-hidden />,
            onSelect: () => setOpen('grants'),
            disabledReason,
          },
          {
            kind: 'action',
            id: 'link',
            label: member.signIn === 'invited' ? 'New invitation link…' : 'Link to set a new password…',
            icon: <Link2 aria-hidden />,
            onSelect: () => setOpen('link'),
            disabledReason:
              disabledReason ??
              (member.signIn === 'identity' ? 'They sign in with an outside account and have no password here.' : null),
          },
          {
            kind: 'action',
            id: 'sessions',
            label: 'End all sessions…',
            icon: <LogOut aria-hidden />,
            onSelect: () => setOpen('sessions'),
            disabledReason: disabledReason ?? (member.sessions === 0 ? 'There is no open session.' : null),
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
                onSelect: () => setOpen('disable'),
                disabledReason:
                  disabledReason ?? (isYou ? 'You cannot disable yourself; ask another administrator.' : null),
              },
        ]}
      />
      {open === 'grants' ? (
        <GrantsDialog member={member} environments={environments} setGrants={actions.setGrants} onClose={close} />
      ) : null}
      {open === 'link' ? <NewLink member={member} newLink={actions.newLink} onClose={close} /> : null}
      {open === 'sessions' ? (
        <Settle
          action={actions.revokeSessions}
          member={member}
          onClose={close}
          title={`End all sessions of ${member.name}?`}
          description="They are signed out everywhere within five seconds and can sign in again."
          confirmLabel="End sessions"
        />
      ) : null}
      {open === 'disable' ? (
        <Settle
          action={actions.disable}
          member={member}
          onClose={close}
          title={`Disable ${member.name}?`}
          description="They are signed out and cannot sign in until they are enabled again. What they did stays in the log."
          confirmLabel="Disable member"
        />
      ) : null}
    </>
  );
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
