import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { AddSubscription } from '@/components/subscriptions/add-subscription';
import { SubscriptionTable } from '@/components/subscriptions/subscription-table';
import { PageHeader } from '@/components/ui/page-header';
import { subscriptionListQuery } from '@/lib/notifications/queries';
import { whyNot } from '../../may';
import { readOrRefuse } from '../../read-or-refuse';
import { subscribeAction } from '../actions';

export const metadata: Metadata = { title: 'Notifications' };

export default async function SubscriptionsPage() {
  const [list, disabledReason] = await Promise.all([
    readOrRefuse(subscriptionListQuery, {}, '/subscriptions'),
    whyNot('subscription.manage'),
  ]);
  return (
    <>
      <PageHeader
        title="Notifications"
        description="Who outside the console is told what happens: signed webhooks, and channels of Slack or what understands its messages."
        actions={<AddSubscription subscribe={subscribeAction} disabledReason={disabledReason} />}
      />
      {list.ok ? (
        <div className="overflow-clip rounded-lg border border-line bg-surface">
          <SubscriptionTable rows={list.value} />
        </div>
      ) : (
        <Refused refusal={list.refusal} />
      )}
    </>
  );
}
