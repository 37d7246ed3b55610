'use server';

import { z } from 'zod';
import { liftPin } from '@/lib/deployments/server';
import { defineAction } from '@/lib/pipeline/define-action';

export const liftPinAction = defineAction({
  name: 'pin.lift',
  // The author of a pin may lift it whatever their role; the verb asks who that is.
  permission: 'signedIn',
  input: z.strictObject({ pinId: z.string().min(1).max(80) }),
  resourceOf: ({ pinId }) => ({ kind: 'pin', id: pinId }),
  run: liftPin,
});
