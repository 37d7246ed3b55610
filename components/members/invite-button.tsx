'use client';

import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import type { MemberActions } from './member-actions';

const InviteDialog = later(() => import('./invite-dialog').then((file) => file.InviteDialog));

interface InviteButtonProps extends Pick<MemberActions, 'invite'> {
  environments: readonly string[];
  disabledReason: string | null;
  /** Open at once: the palette's "Invite a member" comes here. */
  open: boolean;
}

export function InviteButton({ invite, environments, disabledReason, open }: InviteButtonProps) {
  const [shown, setShown] = useState(open && disabledReason === null);
  return (
    <>
      <Button
        variant="primary"
        icon={<UserPlus aria-hidden />}
        disabledReason={disabledReason}
        onClick={() => setShown(true)}
      >
        Invite a member
      </Button>
      {shown ? <InviteDialog invite={invite} environments={environments} onClose={() => setShown(false)} /> : null}
    </>
  );
}
