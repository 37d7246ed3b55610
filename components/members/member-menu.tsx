'use client';

import { Ban, Ellipsis, Link2, LogOut, ShieldUser, UserCheck } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { later } from '@/components/ui/later';
import type { MenuEntry } from '@/components/ui/menu';
import { MenuButton } from '@/components/ui/menu-button';
import { notify } from '@/components/ui/notify';
import type { MemberView } from '@/lib/members/model/view';
import type { MemberActions } from './member-actions';

const MemberDialog = later(() => import('./member-dialog').then((file) => file.MemberDialog));

export interface MemberMenuProps {
  member: MemberView;
  isYou: boolean;
  actions: Omit<MemberActions, 'invite'>;
  environments: readonly string[];
  /** Why this person may not change members; null when they may. */
  disabledReason: string | null;
}

export type MemberDialogName = 'grants' | 'link' | 'sessions' | 'disable';
type Open = MemberDialogName | null;

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
