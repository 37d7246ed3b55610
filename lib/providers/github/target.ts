import { ProviderError, type TargetConfig } from '../port';
import { type GithubTarget, targetConfig } from './manifest';

export interface Place extends GithubTarget {
  owner: string;
  repo: string;
}

/** What a target of another provider tells of its repository, when only commits are read for it. */
const repositoryOnly = targetConfig.pick({ repository: true, defaultRef: true });

/** The settings of a target, checked again: they come from a database row. Without a workflow nothing can be started. */
export function placeOf(config: TargetConfig): Place {
  const lent = repositoryOnly.safeParse(config);
  if (lent.success) return { ...lent.data, workflow: '', ...splitName(lent.data.repository) };
  const parsed = targetConfig.safeParse(config);
  if (parsed.success) return { ...parsed.data, ...splitName(parsed.data.repository) };
  const issue = parsed.error.issues[0];
  const where = issue ? ` (${issue.path.join('.') || 'settings'}: ${issue.message})` : '';
  throw new ProviderError(
    'rejected',
    'bad_target',
    `The settings of this target are not complete${where}. Mend them under What you deploy.`,
  );
}

/** `owner/name` in two; refuses anything else before it can shape a URL. */
export function splitName(repository: string): { owner: string; repo: string } {
  const checked = targetConfig.shape.repository.safeParse(repository);
  const [owner, repo] = repository.split('/');
  if (!checked.success || !owner || !repo) {
    throw new ProviderError('rejected', 'bad_repository', 'Write the repository as owner/name.');
  }
  return { owner, repo };
}
