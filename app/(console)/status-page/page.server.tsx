import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { IncidentList } from '@/components/status/incident-list';
import { MaintenanceList } from '@/components/status/maintenance-list';
import { PlaceList } from '@/components/status/place-list';
import { StatusPageHead } from '@/components/status/status-page-head';
import { SubscriberList } from '@/components/status/subscriber-list';
import { PageHeader } from '@/components/ui/page-header';
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

/** What everybody is told at /status, and who keeps it. */
export default async function StatusPagePage() {
  const [page, incidents, maintenances, subscribers] = await Promise.all([
    readOrRefuse(statusPageQuery, {}, HERE),
    readOrRefuse(incidentListQuery, {}, HERE),
    readOrRefuse(maintenanceListQuery, {}, HERE),
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
          <IncidentList incidents={incidents.value} page={page.value} actions={actions} />
          <MaintenanceList maintenances={maintenances.value} page={page.value} actions={actions} />
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
