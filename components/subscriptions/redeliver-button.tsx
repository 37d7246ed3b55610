'use client';

import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { notify } from '@/components/ui/notify';
import type { NotificationView } from '@/lib/notifications/model/view';
import type { SubscriptionActions } from './subscription-actions';

interface RedeliverButtonProps extends Pick<SubscriptionActions, 'redeliver'> {
  notification: NotificationView;
}

/** The same message under the same id, so that a receiver can tell. */
export function RedeliverButton({ notification, redeliver }: RedeliverButtonProps) {
  const again = useAction(redeliver);

  async function run() {
    const done = await again.run({ notificationId: notification.id });
    if (done.ok) notify({ tone: 'good', title: 'It is sent again', id: notification.id });
    else notify({ tone: 'bad', title: done.refusal.sentence, id: notification.id });
  }

  return (
    <Button
      size="sm"
      className="relative"
      pending={again.pending}
      onClick={run}
      aria-label={`Redeliver ${notification.event}`}
    >
      Redeliver
    </Button>
  );
}
