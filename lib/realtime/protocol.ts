/** One line of the live feed (`GET /api/events`, text/event-stream). `cursor` is the SSE `id:`. */
export interface LiveEvent {
  cursor: string;
  topic: 'deployment' | 'connection' | 'target' | 'member' | 'pin' | 'freeze' | 'policy' | 'audit' | 'status';
  kind: string;
  at: string;
  deploymentId: string | null;
  targetId: string | null;
  fromStatus: string | null;
  toStatus: string | null;
  actorName: string;
}

/** `degraded`: the feed is open, and the server cannot read what it would tell. */
export type LiveState = 'connecting' | 'live' | 'degraded' | 'reconnecting' | 'polling';

/** Query keys: a live event invalidates exactly these. */
export const queryKeys = {
  now: ['now'] as const,
  matrix: ['matrix'] as const,
  waiting: ['waiting'] as const,
  deployments: ['deployments'] as const,
  deployment: (id: string) => ['deployment', id] as const,
  component: (slug: string) => ['component', slug] as const,
  connections: ['connections'] as const,
  holds: ['holds'] as const,
  policy: (environmentId: string) => ['policy', environmentId] as const,
  approval: (deploymentId: string) => ['approval', deploymentId] as const,
  hosting: (targetId: string) => ['hosting', targetId] as const,
  promotion: (targetId: string) => ['promotion', targetId] as const,
  vitals: (targetId: string) => ['vitals', targetId] as const,
  rendering: ['rendering'] as const,
  /** The gates of a switch that is being looked at: asked anew at news of its own target and of what holds it. */
  switching: (targetId: string) => ['switching', targetId] as const,
  preflight: (targetId: string) => ['preflight', targetId] as const,
  preflights: (slug: string) => ['preflights', slug] as const,
  rollBack: (targetId: string) => ['roll-back', targetId] as const,
};
