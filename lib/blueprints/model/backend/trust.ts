import type { BlueprintSettings } from '../settings';

/**
 * What a cloud has to compare the subject of a run's token with, as a sentence. Jobs of an environment are trusted by
 * its name, whose rules stand before them; the job that builds runs in none, and is trusted by what it was started on.
 * `subject`: how the repository's begin, as the provider says; null where that is not known.
 */
export function trusted(settings: BlueprintSettings, job: 'build' | 'deploy', subject: string | null): string {
  const { repository, environments, branch, automatic } = settings;
  const begins = subject ?? `repo:${repository}`;
  const build = [`ref:refs/heads/${branch}`, ...(automatic === 'tag' ? ['ref:refs/tags/v*'] : [])];
  const all = job === 'build' ? build : environments.map((each) => `environment:${each}`);
  const subjects = all.map((each) => `“${begins}:${each}”`);
  const where = job === 'build' ? 'A variable of the repository.' : 'A variable of each environment.';
  const exactly = `Trust exactly the subject ${subjects.join(' or ')}, never “${begins}:*”: that lets every branch and pull request in.`;
  return [where, exactly, ...(subject === null ? [unsure(repository)] : [])].join(' ');
}

/** Source: https://docs.github.com/en/actions/reference/security/oidc */
const unsure = (repository: string): string => {
  const [owner, name] = repository.split('/');
  return `A repository that was made, renamed or moved since July 2026 has “repo:${owner}@<id>/${name}@<id>” instead of “repo:${repository}”: gh api repos/${repository}/actions/oidc/customization/sub says which.`;
};
