import * as command from '@/lib/status/commands';
import * as query from '@/lib/status/queries';
import { type ApiRoute, change, read } from '../route';

const made = { status: 201 } as const;
const incident = '/incidents/{incidentId}';
const maintenance = '/maintenances/{maintenanceId}';

/** The public status page, as who keeps it sees it; what everybody reads is /status.json. */
export const STATUS_ROUTES: readonly ApiRoute[] = [
  read(
    '/status-page',
    query.statusPageQuery,
    'StatusPage',
    'What is shown there and by which names, and what may be named beside an incident.',
  ),
  read('/status-page/subscribers', query.subscriberListQuery, 'StatusSubscribers', 'Who follows it: origins only.'),
  change(
    'POST /status-page/subscribers/{subscriberId}/remove',
    command.removeSubscriberCommand,
    null,
    'Take a subscriber away.',
  ),
  change(
    'POST /status-page/subscribers/{subscriberId}/wake',
    command.wakeSubscriberCommand,
    null,
    'Ask one that was stopped for the challenge again, and tell it again when it answers.',
  ),
  read('/incidents', query.incidentListQuery, 'IncidentPage', 'Incidents with all updates, those that go on first.'),
  change('POST /incidents', command.openIncidentCommand, 'IncidentRef', 'Tell everybody about trouble.', made),
  change(
    `PUT ${incident}`,
    command.changeIncidentCommand,
    'IncidentRef',
    'Change what it is about; `version` is the one read.',
  ),
  change(
    `POST ${incident}/updates`,
    command.postUpdateCommand,
    'IncidentRef',
    'Say how it stands now; `resolved` ends it. Nothing that was said is taken back.',
    made,
  ),
  read('/maintenances', query.maintenanceListQuery, 'MaintenancePage', 'Announced work, what is to come first.'),
  change('POST /maintenances', command.planMaintenanceCommand, 'MaintenanceRef', 'Announce work.', made),
  change(
    `PUT ${maintenance}`,
    command.changeMaintenanceCommand,
    'MaintenanceRef',
    'Change it while it is not over; `version` is the one read.',
  ),
  change(
    `POST ${maintenance}/end`,
    command.endMaintenanceCommand,
    'MaintenanceEnded',
    'End it now; what has not begun is called off.',
  ),
];
