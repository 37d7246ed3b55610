import 'server-only';
import { createComponentInput, updateComponentInput } from '@/lib/components/model/schemas';
import { createComponent, updateComponent } from '@/lib/components/server';
import { createEnvironmentInput, updateEnvironmentInput } from '@/lib/environments/model/schemas';
import { createEnvironment, updateEnvironment } from '@/lib/environments/server';
import { setPolicyInput } from '@/lib/gates/model/policy';
import { setPolicy } from '@/lib/gates/server';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newResource, resource } from '@/lib/pipeline/resource';
import { createTargetInput, updateTargetInput } from '@/lib/targets/model/schemas';
import { createTarget, updateTarget } from '@/lib/targets/server';

export const createComponentCommand = defineCommand({
  name: 'component.create',
  permission: 'component.manage',
  input: createComponentInput,
  resourceOf: newResource('component'),
  run: createComponent,
});

export const updateComponentCommand = defineCommand({
  name: 'component.update',
  permission: 'component.manage',
  input: updateComponentInput,
  resourceOf: resource('component', 'id'),
  run: updateComponent,
});

export const createEnvironmentCommand = defineCommand({
  name: 'environment.create',
  permission: 'environment.manage',
  input: createEnvironmentInput,
  resourceOf: newResource('environment'),
  run: createEnvironment,
});

// It may take away that an environment is production, and with it the proof that approvals there ask for.
export const updateEnvironmentCommand = defineCommand({
  name: 'environment.update',
  permission: 'environment.manage',
  risk: 'high',
  input: updateEnvironmentInput,
  resourceOf: resource('environment', 'id'),
  run: updateEnvironment,
});

// The verb asks for the permission on that very environment.
export const setPolicyCommand = defineCommand({
  name: 'policy.set',
  permission: 'policy.manage',
  risk: 'high',
  input: setPolicyInput,
  resourceOf: resource('environment', 'environmentId'),
  run: setPolicy,
});

// The verbs ask for the permission on the very environment of the target.
export const createTargetCommand = defineCommand({
  name: 'target.create',
  permission: 'target.manage',
  input: createTargetInput,
  resourceOf: newResource('target'),
  run: createTarget,
});

export const updateTargetCommand = defineCommand({
  name: 'target.update',
  permission: 'target.manage',
  input: updateTargetInput,
  resourceOf: resource('target', 'id'),
  run: updateTarget,
});
