'use client';

import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useAsked } from '@/components/console/use-asked';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import type { MemberActions } from './member-actions';

const InviteDialog = later(() => import('./invite-dialog').then((file) => file.InviteDialog));

interface InviteButtonProps extends Pick<MemberActions, 'invite'> {
  environments: readonly string[];
  disabledReason: string | null;
}

export function InviteButton({ invite, environments, disabledReason }: InviteButtonProps) {
  const [shown, setShown] = useState(false);
  useAsked('invite', '1', () => setShown(disabledReason === null));
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
