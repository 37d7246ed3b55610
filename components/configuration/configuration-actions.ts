import type {
  PlanRemovalInput,
  PlanSettingInput,
  RemoveSettingInput,
  SetSettingInput,
} from '@/lib/configuration/model/schemas';
import type { ChangePlan, ChangeResult } from '@/lib/configuration/model/view';
import type { Action } from '@/lib/kernel/result';

export interface ConfigurationActions {
  planSet: Action<PlanSettingInput, ChangePlan>;
  planRemoval: Action<PlanRemovalInput, ChangePlan>;
  set: Action<SetSettingInput, ChangeResult>;
  remove: Action<RemoveSettingInput, ChangeResult>;
}
