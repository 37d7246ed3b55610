import { ProviderError, type TargetConfig } from '../port';
import { type HerokuTarget, targetConfig } from './manifest';

export type Place = HerokuTarget;

/** The settings of a target, checked again: they come from a database row. */
export function placeOf(config: TargetConfig): Place {
  const parsed = targetConfig.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue ? ` (${issue.path.join('.') || 'settings'}: ${issue.message})` : '';
  const sentence = `The settings of this app are not complete${where}. Mend them under What you deploy.`;
  throw new ProviderError('rejected', 'bad_target', sentence);
}
