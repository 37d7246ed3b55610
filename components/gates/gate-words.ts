import type { GateKind } from '@/lib/gates/model/gate';

/** How each gate is called beside its sentence. */
export const GATE_WORDS = {
  permission: 'Permission',
  connection: 'Connection',
  preflight: 'Preflight',
  lock: 'Lock',
  freeze: 'Freeze',
  pin: 'Hold',
  age: 'Order in time',
  checks: 'Checks',
  order: 'Environment order',
  soak: 'Soak time',
  checklist: 'Checklist',
  baked: 'Public values',
  approval: 'Approval',
} as const satisfies Record<GateKind, string>;
