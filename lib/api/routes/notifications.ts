import * as command from '@/lib/notifications/commands';
import * as query from '@/lib/notifications/queries';
import { type ApiRoute, change, read } from '../route';

const one = '/subscriptions/{id}';

export const NOTIFICATION_ROUTES: readonly ApiRoute[] = [
  read(
    '/subscriptions',
    query.subscriptionListQuery,
    'SubscriptionList',
    'Where events are sent, never the whole address.',
  ),
  change('POST /subscriptions', command.subscribeCommand, 'Subscribed', 'Add one; its secret is shown once.', {
    status: 201,
    shownOnce: true,
  }),
  change(
    `PUT ${one}`,
    command.updateSubscriptionCommand,
    'SubscriptionVersion',
    'Change it; `version` is the one read.',
    {
      shownOnce: true,
    },
  ),
  change(`POST ${one}/switch`, command.switchSubscriptionCommand, null, 'Switch it on or off.'),
  change(`POST ${one}/remove`, command.removeSubscriptionCommand, null, 'Remove it; `version` is the one read.'),
  change(
    `POST ${one}/test`,
    command.testSubscriptionCommand,
    'NotificationRef',
    'Send a message that says it is a test.',
  ),
  read(`${one}/notifications`, query.ledgerQuery, 'Ledger', 'What was sent to it, and what was answered.'),
  change('POST /notifications/{notificationId}/redeliver', command.redeliverCommand, null, 'Send one again.'),
];
