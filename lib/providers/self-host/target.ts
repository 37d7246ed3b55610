import { type ProviderContext, ProviderError, type RemoteRef, type TargetConfig } from '../port';
import { type SelfHostTarget, targetConfig } from './manifest';

export type Place = SelfHostTarget;

/** The settings of a target, checked again: they come from a database row. */
export function placeOf(config: TargetConfig): Place {
  const parsed = targetConfig.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue ? ` (${issue.path.join('.') || 'settings'}: ${issue.message})` : '';
  const sentence = `The settings of this target are not complete${where}. Mend them under What you deploy.`;
  throw new ProviderError('rejected', 'bad_target', sentence);
}

export const appPath = ({ app }: Pick<Place, 'app'>) => `/apps/${encodeURIComponent(app)}`;

/** The agent has no pages: its address of the deployment stands for one. */
export function refOf(c: Pick<ProviderContext, 'origin'>, place: Pick<Place, 'app'>, id: string): RemoteRef {
  return { id, attempt: 1, url: `${c.origin}/v1${appPath(place)}/deployments/${encodeURIComponent(id)}` };
}

const MARKER = /^aether-[\w-]{1,180}$/;

/** Our marker is the key that a deployment was asked for with; other keys are other people's. */
export const markerOf = (key: string): string | null => (MARKER.test(key) ? key : null);
