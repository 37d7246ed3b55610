import * as command from '@/lib/connections/commands';
import * as query from '@/lib/connections/queries';
import { type ApiRoute, change, read } from '../route';

const one = '/connections/{id}';

export const CONNECTION_ROUTES: readonly ApiRoute[] = [
  read('/connections', query.connectionListQuery, 'ConnectionList', 'Provider accounts, never their credentials.'),
  change('POST /connections', command.createCommand, 'Created', 'Add a connection.', { status: 201 }),
  read(one, query.connectionQuery, 'ConnectionDetail', 'One connection with health, quotas and what it is used by.'),
  change(
    `PUT ${one}`,
    command.updateCommand,
    'ConnectionVersion',
    'Change name or address; `version` is the one read.',
  ),
  change(
    `PUT ${one}/credential`,
    command.setCredentialCommand,
    'Last4',
    'Replace the credential; it is never read back.',
  ),
  change(
    `POST ${one}/verify`,
    command.verifyCommand,
    'CredentialReport',
    'Ask the provider whether the credential works.',
  ),
  change(`POST ${one}/webhook-secret`, command.setWebhookSecretCommand, 'WebhookSecret', 'Make or set the secret.', {
    shownOnce: true,
  }),
  change(`POST ${one}/webhook-secret/end-rotation`, command.endWebhookRotationCommand, null, 'Forget the old secret.'),
  change(`POST ${one}/remove`, command.removeCommand, null, 'Remove it; `version` is the one read.'),
  read(`${one}/quota`, query.quotaQuery, 'Quota', 'What is left at the provider, who used it, and the budget.'),
  change(`PUT ${one}/budget`, command.budgetCommand, null, 'How much the console may use by itself, in percent.'),
  read(`${one}/deliveries`, query.deliveryListQuery, 'DeliveryPage', 'Webhooks that came in.', { id: 'connectionId' }),
  read(`${one}/repositories`, query.repositoryListQuery, 'RepositoryList', 'Repositories that it can see.'),
  read(`${one}/workflows`, query.workflowListQuery, 'WorkflowList', 'Workflows of one of them.'),
];
