'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import type { SubscriptionActions } from './subscription-actions';

const AddDialog = later(() => import('./add-dialog').then((file) => file.AddDialog));

interface AddSubscriptionProps extends Pick<SubscriptionActions, 'subscribe'> {
  disabledReason: string | null;
}

export function AddSubscription({ subscribe, disabledReason }: AddSubscriptionProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="primary"
        icon={<Plus aria-hidden />}
        disabledReason={disabledReason}
        onClick={() => setOpen(true)}
      >
        Add a receiver
      </Button>
      {open ? <AddDialog subscribe={subscribe} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
