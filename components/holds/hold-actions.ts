import type { z } from 'zod';
import type {
  endFreezeInput,
  FreezeInput,
  LockInput,
  liftPinInput,
  updateFreezeInput,
} from '@/lib/gates/model/schemas';
import type { Action } from '@/lib/kernel/result';

/** The Server Actions of the page of holds; the route hands them in. */
export interface HoldActions {
  lock: Action<LockInput, unknown>;
  lift: Action<z.input<typeof liftPinInput>, unknown>;
  freeze: Action<FreezeInput, unknown>;
  updateFreeze: Action<z.input<typeof updateFreezeInput>, unknown>;
  endFreeze: Action<z.input<typeof endFreezeInput>, unknown>;
}
