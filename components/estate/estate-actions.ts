import type { CreateComponentInput, UpdateComponentInput } from '@/lib/components/model/schemas';
import type { CreateEnvironmentInput, UpdateEnvironmentInput } from '@/lib/environments/model/schemas';
import type { SetPolicyInput } from '@/lib/gates/model/policy';
import type { Action } from '@/lib/kernel/result';
import type { CreateTargetInput, UpdateTargetInput } from '@/lib/targets/model/schemas';
import type { TargetSaved } from '@/lib/targets/model/view';

/** The Server Actions of the set-up screens, as they arrive by props. */
export interface EstateActions {
  createComponent: Action<CreateComponentInput, { id: string }>;
  updateComponent: Action<UpdateComponentInput, void>;
  createEnvironment: Action<CreateEnvironmentInput, { id: string }>;
  updateEnvironment: Action<UpdateEnvironmentInput, void>;
  setPolicy: Action<SetPolicyInput, unknown>;
}

export interface TargetActions {
  create: Action<CreateTargetInput, { id: string }>;
  update: Action<UpdateTargetInput, TargetSaved>;
}
