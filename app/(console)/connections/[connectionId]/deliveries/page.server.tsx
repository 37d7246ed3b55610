import type { Metadata } from 'next';
import { DeliveryTable } from '@/components/connections/delivery-table';
import { Refused } from '@/components/console/refused';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { connectionQuery, deliveryListQuery } from '@/lib/connections/queries';
import { readOrRefuse } from '../../../read-or-refuse';

export const metadata: Metadata = { title: 'Webhook deliveries' };

const STATES = ['received', 'processed', 'ignored', 'failed'] as const;

interface DeliveriesPageProps {
  params: Promise<{ connectionId: string }>;
  searchParams: Promise<{ state?: string; cursor?: string }>;
}

export default async function DeliveriesPage({ params, searchParams }: DeliveriesPageProps) {
  const [{ connectionId: id }, search] = await Promise.all([params, searchParams]);
  const here = `/connections/${encodeURIComponent(id)}/deliveries`;
  const state = STATES.find((each) => each === search.state);
  const [connection, page] = await Promise.all([
    readOrRefuse(connectionQuery, { id }, here),
    readOrRefuse(
      deliveryListQuery,
      { connectionId: id, ...(state ? { state } : {}), ...(search.cursor ? { cursor: search.cursor } : {}) },
      here,
    ),
  ]);
  if (!connection.ok) return <Refused refusal={connection.refusal} />;
  const base = `${here}?${state ? `state=${state}&` : ''}`;
  const older = page.ok ? page.value.nextCursor : null;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            items={[
              { label: 'Connections', href: '/connections' },
              { label: connection.value.name, href: `/connections/${id}` },
              { label: 'Webhook deliveries' },
            ]}
          />
        }
        title="Webhook deliveries"
        description="What the provider sent, newest first. A delivery is a hint; the truth is asked for."
      />
      <div className="grid gap-3 *:min-w-0">
        {page.ok ? (
          <DeliveryTable rows={page.value.rows} href={here} states={STATES} state={state} />
        ) : (
          <Refused refusal={page.refusal} />
        )}
        {search.cursor || older ? (
          <Pagination
            label="Deliveries"
            previousHref={search.cursor ? base.slice(0, -1) : null}
            nextHref={older ? `${base}cursor=${encodeURIComponent(older)}` : null}
          />
        ) : null}
      </div>
    </>
  );
}
