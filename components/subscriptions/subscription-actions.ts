import type { z } from 'zod';
import type { Action } from '@/lib/kernel/result';
import type {
  notificationRef,
  removeSubscriptionInput,
  subscribeInput,
  subscriptionRef,
  switchSubscriptionInput,
  updateSubscriptionInput,
} from '@/lib/notifications/model/schemas';
import type { SigningSecret } from '@/lib/notifications/model/view';

/** The Server Actions of the notification screens, as they arrive by props. */
export interface SubscriptionActions {
  subscribe: Action<z.input<typeof subscribeInput>, { id: string } & SigningSecret>;
  update: Action<z.input<typeof updateSubscriptionInput>, SigningSecret>;
  toggle: Action<z.input<typeof switchSubscriptionInput>, unknown>;
  remove: Action<z.input<typeof removeSubscriptionInput>, unknown>;
  test: Action<z.input<typeof subscriptionRef>, unknown>;
  redeliver: Action<z.input<typeof notificationRef>, unknown>;
}
