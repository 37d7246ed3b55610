import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { IncidentList } from '@/components/status/incident-list';
import { MaintenanceList } from '@/components/status/maintenance-list';
import { PlaceList } from '@/components/status/place-list';
import { StatusPageHead } from '@/components/status/status-page-head';
import { SubscriberList } from '@/components/status/subscriber-list';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { incidentListQuery, maintenanceListQuery, statusPageQuery, subscriberListQuery } from '@/lib/status/queries';
import { setPublicAction } from '../estate/actions';
import { readOrRefuse } from '../read-or-refuse';
import * as act from './actions';

export const metadata: Metadata = { title: 'Status page' };

const actions = {
  open: act.openIncidentAction,
  post: act.postUpdateAction,
  change: act.changeIncidentAction,
  plan: act.planMaintenanceAction,
  changePlan: act.changeMaintenanceAction,
  end: act.endMaintenanceAction,
  removeSubscriber: act.removeSubscriberAction,
  wakeSubscriber: act.wakeSubscriberAction,
  setShown: setPublicAction,
};

const HERE = '/status-page';

/** Where each of the two lists begins: one is paged without moving the other. */
type From = Record<'incidents' | 'maintenances', { cursor?: string }>;

function hereWith(from: From): string {
  const named = Object.entries(from).flatMap(([name, { cursor }]) => (cursor ? [[name, cursor]] : []));
  return named.length > 0 ? `${HERE}?${new URLSearchParams(named)}` : HERE;
}

interface PagesProps {
  label: string;
  name: keyof From;
  from: From;
  nextCursor: string | null;
}

function Pages({ label, name, from, nextCursor }: PagesProps) {
  if (!from[name].cursor && nextCursor === null) return null;
  return (
    <Pagination
      label={label}
      previousHref={from[name].cursor ? hereWith({ ...from, [name]: {} }) : null}
      nextHref={nextCursor === null ? null : hereWith({ ...from, [name]: { cursor: nextCursor } })}
    />
  );
}

interface StatusPageProps {
  searchParams: Promise<{ incidents?: string | string[]; maintenances?: string | string[] }>;
}

const cursorOf = (value: string | string[] | undefined) => (typeof value === 'string' ? { cursor: value } : {});

/** What everybody is told at /status, and who keeps it. */
export default async function StatusPagePage({ searchParams }: StatusPageProps) {
  const asked = await searchParams;
  const from = { incidents: cursorOf(asked.incidents), maintenances: cursorOf(asked.maintenances) };
  const [page, incidents, maintenances, subscribers] = await Promise.all([
    readOrRefuse(statusPageQuery, {}, HERE),
    readOrRefuse(incidentListQuery, from.incidents, hereWith(from)),
    readOrRefuse(maintenanceListQuery, from.maintenances, hereWith(from)),
    readOrRefuse(subscriberListQuery, {}, HERE),
  ]);
  if (!page.ok || !incidents.ok || !maintenances.ok)
    return (
      <>
        <PageHeader title="Status page" />
        {[page, incidents, maintenances].map((read) =>
          read.ok ? null : <Refused key={read.refusal.sentence} refusal={read.refusal} />,
        )}
      </>
    );
  return (
    <>
      <StatusPageHead page={page.value} actions={actions} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem] *:min-w-0">
        <div className="grid gap-4 *:min-w-0">
          <IncidentList incidents={incidents.value.rows} page={page.value} actions={actions} />
          <Pages label="Incidents" name="incidents" from={from} nextCursor={incidents.value.nextCursor} />
          <MaintenanceList maintenances={maintenances.value.rows} page={page.value} actions={actions} />
          <Pages label="Maintenance" name="maintenances" from={from} nextCursor={maintenances.value.nextCursor} />
        </div>
        <div className="grid gap-4 *:min-w-0">
          <PlaceList places={page.value.places} setShown={actions.setShown} />
          <SubscriberList
            count={page.value.subscribers}
            subscribers={subscribers.ok ? subscribers.value : null}
            refusal={subscribers.ok ? null : subscribers.refusal.sentence}
            remove={actions.removeSubscriber}
            wake={actions.wakeSubscriber}
          />
        </div>
      </div>
    </>
  );
}
