import type { Action } from '@/lib/kernel/result';
import type { SetPublicInput } from '@/lib/public-status/model/schemas';
import type {
  ChangeIncidentInput,
  ChangeMaintenanceInput,
  EndMaintenanceInput,
  OpenIncidentInput,
  PlanMaintenanceInput,
  PostUpdateInput,
} from '@/lib/status/model/schemas';

/** The Server Actions of the console's side of the status page, as they arrive by props. */
export interface StatusActions {
  open: Action<OpenIncidentInput, unknown>;
  post: Action<PostUpdateInput, unknown>;
  change: Action<ChangeIncidentInput, unknown>;
  plan: Action<PlanMaintenanceInput, unknown>;
  changePlan: Action<ChangeMaintenanceInput, unknown>;
  end: Action<EndMaintenanceInput, { state: 'done' | 'cancelled' }>;
  removeSubscriber: Action<{ subscriberId: string }, unknown>;
  wakeSubscriber: Action<{ subscriberId: string }, unknown>;
  setShown: Action<SetPublicInput, void>;
}
