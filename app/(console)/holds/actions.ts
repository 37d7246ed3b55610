'use server';

import { liftPin } from '@/lib/deployments/server';
import { endFreezeInput, freezeInput, liftPinInput, lockInput, updateFreezeInput } from '@/lib/gates/model/schemas';
import { createFreeze, endFreeze, lock, updateFreeze } from '@/lib/gates/server';
import { defineAction } from '@/lib/pipeline/define-action';

// A hold may reach into all environments or one: the verbs ask for the permission where it reaches.
export const lockAction = defineAction({
  name: 'lock.create',
  permission: 'lock.create',
  input: lockInput,
  resourceOf: ({ targetId, environmentId }) => ({ kind: 'pin', id: targetId ?? environmentId }),
  run: lock,
});

export const liftPinAction = defineAction({
  name: 'pin.lift',
  // The author of a pin may lift it whatever their role; the verb asks who that is.
  permission: 'signedIn',
  input: liftPinInput,
  resourceOf: ({ pinId }) => ({ kind: 'pin', id: pinId }),
  run: liftPin,
});

export const freezeAction = defineAction({
  name: 'freeze.create',
  permission: 'freeze.manage',
  input: freezeInput,
  resourceOf: () => ({ kind: 'freeze', id: null }),
  run: createFreeze,
});

export const updateFreezeAction = defineAction({
  name: 'freeze.update',
  permission: 'freeze.manage',
  input: updateFreezeInput,
  resourceOf: ({ id }) => ({ kind: 'freeze', id }),
  run: updateFreeze,
});

export const endFreezeAction = defineAction({
  name: 'freeze.end',
  permission: 'freeze.manage',
  input: endFreezeInput,
  resourceOf: ({ freezeId }) => ({ kind: 'freeze', id: freezeId }),
  run: endFreeze,
});
