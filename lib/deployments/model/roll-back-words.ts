import type { RollBackHow } from './roll-back';

/** What a provider's trait means for people: does it serve, build, or need a new change? */
export function rollBackHow(trait: 'repoint' | 'redeploy' | 'previous-release' | undefined): RollBackHow {
  if (trait === 'repoint' || trait === 'previous-release') return 'repoint';
  return trait === 'redeploy' ? 'redeploy' : 'roll-forward';
}

/** In one sentence, for this provider and commit. */
export function rollBackSays(how: RollBackHow, provider: string, sha: string): string {
  switch (how) {
    case 'repoint':
      return `${provider} serves the earlier result of ${sha.slice(0, 7)} again; nothing is built.`;
    case 'redeploy':
      return `${provider} builds and deploys ${sha.slice(0, 7)} once more.`;
    case 'roll-forward':
      return `${provider} has no way back of its own, so ${sha.slice(0, 7)} goes through the same run as a new deployment.`;
  }
}

/** What going back does not undo, and what else it does. */
export function sideEffects(facts: {
  settingsOf: 'then' | 'now';
  on: string;
  queued: number;
  arriving: number;
  environment: string;
}): string[] {
  const { settingsOf, on, queued, arriving, environment } = facts;
  const settings =
    settingsOf === 'then'
      ? `It runs with the settings and inputs of ${on.slice(0, 10)}, not with today’s.`
      : 'The target uses another connection since, so it runs with today’s settings.';
  const waiting =
    queued === 0 ? '' : ` ${queued} queued deployment${queued === 1 ? ' waits' : 's wait'} until then, too.`;
  return [
    'Migrations of a database and other changes outside of what is deployed are not undone.',
    settings,
    `A pin with your name and reason holds the target there: new deployments wait until somebody lifts it.${waiting}`,
    ...(arriving > 0
      ? [`${arriving} commit${arriving === 1 ? '' : 's'} that ${environment} does not have now would arrive.`]
      : []),
  ];
}
