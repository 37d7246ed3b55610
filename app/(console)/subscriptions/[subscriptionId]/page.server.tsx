import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { LedgerTable } from '@/components/subscriptions/ledger-table';
import { SubscriptionHead } from '@/components/subscriptions/subscription-head';
import { Pagination } from '@/components/ui/pagination';
import { ledgerQuery } from '@/lib/notifications/queries';
import { readOrRefuse } from '../../read-or-refuse';
import * as act from '../actions';

export const metadata: Metadata = { title: 'Notifications' };

const STATES = ['pending', 'delivered', 'dead'] as const;
const actions = {
  update: act.updateSubscriptionAction,
  toggle: act.switchSubscriptionAction,
  remove: act.removeSubscriptionAction,
  test: act.testSubscriptionAction,
};

interface SubscriptionPageProps {
  params: Promise<{ subscriptionId: string }>;
  searchParams: Promise<{ state?: string; cursor?: string }>;
}

export default async function SubscriptionPage({ params, searchParams }: SubscriptionPageProps) {
  const [{ subscriptionId: id }, search] = await Promise.all([params, searchParams]);
  const here = `/subscriptions/${encodeURIComponent(id)}`;
  const state = STATES.find((each) => each === search.state);
  const read = await readOrRefuse(
    ledgerQuery,
    { id, ...(state ? { state } : {}), ...(search.cursor ? { cursor: search.cursor } : {}) },
    here,
  );
  if (!read.ok) return <Refused refusal={read.refusal} />;
  const { subscription, rows, nextCursor } = read.value;
  const base = `${here}?${state ? `state=${state}&` : ''}`;
  return (
    <>
      <SubscriptionHead key={id} subscription={subscription} actions={actions} />
      <div className="grid gap-3 *:min-w-0">
        <LedgerTable rows={rows} href={here} state={state} redeliver={act.redeliverAction} />
        {search.cursor || nextCursor ? (
          <Pagination
            label="Messages"
            previousHref={search.cursor ? base.slice(0, -1) : null}
            nextHref={nextCursor ? `${base}cursor=${encodeURIComponent(nextCursor)}` : null}
          />
        ) : null}
      </div>
    </>
  );
}
