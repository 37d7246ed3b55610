import type { QueryKey } from '@tanstack/react-query';
import { type LiveEvent, queryKeys } from '@/lib/realtime/protocol';

/** Key prefixes that an event makes stale. `['component']` covers every component: events carry no slug. */
export function staleKeys(event: LiveEvent): QueryKey[] {
  const estate: QueryKey[] = [queryKeys.now, queryKeys.matrix, queryKeys.waiting, queryKeys.rendering, ['component']];
  switch (event.topic) {
    case 'deployment':
      return [
        ...estate,
        queryKeys.deployments,
        event.deploymentId ? queryKeys.deployment(event.deploymentId) : ['deployment'],
        event.deploymentId ? queryKeys.approval(event.deploymentId) : ['approval'],
        ['approvals'],
        ['roll-back'],
        ['promotion'],
        ...(event.toStatus === 'succeeded' && event.targetId ? [queryKeys.hosting(event.targetId)] : []),
        ...(event.targetId ? [queryKeys.switching(event.targetId)] : []),
        queryKeys.holds,
      ];
    case 'target':
    case 'pin':
    case 'freeze':
      return [...estate, ...decidesOn(event), queryKeys.holds];
    case 'policy':
      return [...estate, ...decidesOn(event), ['policy']];
    case 'connection':
      return [queryKeys.now, queryKeys.matrix, queryKeys.connections, ['connection']];
    case 'member':
      return [['members']];
    default:
      return [];
  }
}

/** Whatever gates decide on. A freeze or a policy names no target: it may hold any. */
function decidesOn({ targetId }: LiveEvent): QueryKey[] {
  const switching = targetId ? queryKeys.switching(targetId) : ['switching'];
  return [switching, ['deployment'], ['approval'], ['approvals'], ['roll-back'], ['promotion']];
}

/** Null for what is not one of our events: a proxy's text must not break the feed. */
export function parseLiveEvent(data: string): LiveEvent | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'topic' in value ? (value as LiveEvent) : null;
  } catch {
    return null;
  }
}

/** Milliseconds before the next attempt: 1, 2, 4, 8, 16 s, then 30 s, plus up to a fifth so that tabs spread out. */
export function reconnectDelay(failures: number, random: number): number {
  const base = Math.min(1000 * 2 ** Math.max(0, failures - 1), 30_000);
  return Math.round(base * (1 + random * 0.2));
}
