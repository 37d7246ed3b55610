import type { Hook } from './types';

/** A hook that a client created. */
export function createdHook(data: Record<string, unknown>, count: number, at: number): Hook {
  return {
    id: 512_300_000 + count * 17,
    repo: String(data.repo),
    url: String(data.url),
    secret: typeof data.secret === 'string' ? data.secret : null,
    events: data.events as string[],
    active: data.active !== false,
    createdAt: at,
  };
}

/** The hook that the sandbox was started with. */
export function configuredHook(webhook: { url: string; secret: string | null }, at: number): Hook {
  return {
    id: 512_299_999,
    repo: 'aetherstack/aetherstack',
    ...webhook,
    events: ['deployment_review', 'workflow_run', 'workflow_job', 'push'],
    active: true,
    createdAt: at,
  };
}
