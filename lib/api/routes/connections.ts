import * as command from '@/lib/connections/commands';
import * as query from '@/lib/connections/queries';
import { doctorQuery } from '@/lib/doctor/queries';
import { type ApiRoute, change, read } from '../route';

const one = '/connections/{id}';

/** Connections are changed in the console only, see lib/members/model/token-scope.ts; what is there may be checked. */
export const CONNECTION_ROUTES: readonly ApiRoute[] = [
  read('/connections', query.connectionListQuery, 'ConnectionList', 'Provider accounts, never their credentials.'),
  read(
    '/targets/{targetId}/service-status',
    query.targetServiceStatusQuery,
    'ServiceStatus',
    'The same for the provider of a target.',
  ),
  read('/doctor', doctorQuery, 'Doctor', 'What is wrong with the connections, each with its mend; asks no provider.'),
  read(one, query.connectionQuery, 'ConnectionDetail', 'One connection with health, quotas and what it is used by.'),
  change(`POST ${one}/verify`, command.verifyCommand, 'CredentialReport', 'Ask the provider whether it works.'),
  read(`${one}/quota`, query.quotaQuery, 'Quota', 'What is left at the provider, who used it, and the budget.'),
  read(
    `${one}/service-status`,
    query.serviceStatusQuery,
    'ServiceStatus',
    'What the provider’s own status page says; null where it has none.',
  ),
  read(`${one}/capacity`, query.capacityQuery, 'Capacity', 'Runners and open runs of a repository that targets name.'),
  read(`${one}/deliveries`, query.deliveryListQuery, 'DeliveryPage', 'Webhooks that came in.', { id: 'connectionId' }),
  change(
    'POST /deliveries/{deliveryId}/replay',
    command.replayDeliveryCommand,
    null,
    'Process a webhook that failed once more, from the bytes that were kept.',
  ),
  read(`${one}/repositories`, query.repositoryListQuery, 'RepositoryList', 'Repositories that it can see.'),
  read(`${one}/workflows`, query.workflowListQuery, 'WorkflowList', 'Workflows of one of them.'),
];
