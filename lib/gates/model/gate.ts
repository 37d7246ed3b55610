/** Everything that can keep a deployment from going live, in the order in which it is said. */
export const GATE_KINDS = [
  'permission',
  'connection',
  'preflight',
  'lock',
  'freeze',
  'pin',
  'age',
  'checks',
  'order',
  'soak',
  'checklist',
  'baked',
  'approval',
] as const;
export type GateKind = (typeof GATE_KINDS)[number];

/**
 * One gate as it stands now. `closed` refuses; `waiting` lets the request in and holds it in the queue; `open` says
 * what it saw. Times are ISO 8601 in UTC.
 */
export interface GateView {
  kind: GateKind;
  state: 'open' | 'waiting' | 'closed';
  /** Stable; the same in button, API and worker. */
  code: string;
  /** What is the matter, and who can do what about it. */
  sentence: string;
  /** When it opens by itself; null when it does not. */
  until: string | null;
  /** An administrator may let this one deployment through, with a reason. */
  overridable: boolean;
}
