import type { BlueprintSettings } from '../settings';

/**
 * What a cloud has to compare the subject of a run's token with, as a sentence. Jobs of an environment are trusted by
 * its name, whose rules stand before them; the job that builds runs in none, and is trusted by what it was started on.
 */
export function trusted(settings: BlueprintSettings, job: 'build' | 'deploy'): string {
  const { repository, environments, branch, automatic } = settings;
  const build = [`ref:refs/heads/${branch}`, ...(automatic === 'tag' ? ['ref:refs/tags/v*'] : [])];
  const all = job === 'build' ? build : environments.map((each) => `environment:${each}`);
  const subjects = all.map((each) => `“repo:${repository}:${each}”`);
  const where = job === 'build' ? 'A variable of the repository.' : 'A variable of each environment.';
  return `${where} Trust exactly the subject ${subjects.join(' or ')}, never “repo:${repository}:*”: that lets every branch and pull request in.`;
}
