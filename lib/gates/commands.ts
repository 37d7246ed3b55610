import 'server-only';
import { liftPin } from '@/lib/deployments/server';
import { endFreezeInput, freezeInput, liftPinInput, lockInput, updateFreezeInput } from '@/lib/gates/model/schemas';
import { createFreeze, endFreeze, lock, updateFreeze } from '@/lib/gates/server';
import { defineCommand } from '@/lib/pipeline/define-command';

// A hold may reach into all environments or one: the verbs ask for the permission where it reaches.
export const lockCommand = defineCommand({
  name: 'lock.create',
  permission: 'lock.create',
  input: lockInput,
  resourceOf: ({ targetId, environmentId }) => ({ kind: 'pin', id: targetId ?? environmentId }),
  run: lock,
});

export const liftPinCommand = defineCommand({
  name: 'pin.lift',
  // The author of a pin may lift it whatever their role; the verb asks who that is.
  permission: 'signedIn',
  tokenScope: 'hold',
  input: liftPinInput,
  resourceOf: ({ pinId }) => ({ kind: 'pin', id: pinId }),
  run: liftPin,
});

export const freezeCommand = defineCommand({
  name: 'freeze.create',
  permission: 'freeze.manage',
  input: freezeInput,
  resourceOf: () => ({ kind: 'freeze', id: null }),
  run: createFreeze,
});

export const updateFreezeCommand = defineCommand({
  name: 'freeze.update',
  permission: 'freeze.manage',
  input: updateFreezeInput,
  resourceOf: ({ id }) => ({ kind: 'freeze', id }),
  run: updateFreeze,
});

export const endFreezeCommand = defineCommand({
  name: 'freeze.end',
  permission: 'freeze.manage',
  input: endFreezeInput,
  resourceOf: ({ freezeId }) => ({ kind: 'freeze', id: freezeId }),
  run: endFreeze,
});
