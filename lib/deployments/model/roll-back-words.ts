import { MODE_WORDS, type RenderingMode } from '../../rendering/model/mode';
import { cancellable, type EndingFacts, leavable } from './ending';
import { hasAddresses } from './hosting';
import type { RollBackHow, RollBackPlan } from './roll-back';

/** What a provider's trait means for people: does it serve, build, or need a new change? */
export function rollBackHow(trait: 'repoint' | 'redeploy' | 'previous-release' | undefined): RollBackHow {
  if (trait === 'repoint' || trait === 'previous-release') return 'repoint';
  return trait === 'redeploy' ? 'redeploy' : 'roll-forward';
}

/** The same for one target: where it has no addresses of its own, nothing can be served again. */
export function rollBackHowHere(
  able: { rollback?: { how: 'repoint' | 'redeploy' | 'previous-release' }; promote?: { when?: string } } | undefined,
  config: Readonly<Record<string, unknown>>,
): RollBackHow {
  const how = rollBackHow(able?.rollback?.how);
  return how === 'repoint' && !hasAddresses(able, config) ? 'redeploy' : how;
}

/** In one sentence, for this provider and commit. */
export function rollBackSays(how: RollBackHow, provider: string, sha: string): string {
  switch (how) {
    case 'repoint':
      return `${provider} serves the earlier result of ${sha.slice(0, 7)} again; nothing is built.`;
    case 'repoint-or-redeploy':
      return `Its server serves the release of ${sha.slice(0, 7)} again, where it still keeps it: nothing is built then. Otherwise ${provider} builds it anew.`;
    case 'redeploy':
      return `${provider} builds and deploys ${sha.slice(0, 7)} once more.`;
    case 'roll-forward':
      return `${provider} has no way back of its own, so ${sha.slice(0, 7)} goes through the same run as a new deployment.`;
  }
}

/** Where the host serves another build than the one that counts as live here: whichever is chosen goes over that one. */
export function servedInsteadSays(provider: string, current: { number: number }, sha: string | null): string {
  const what = sha === null ? 'another build, whose commit it does not tell,' : `a build of ${sha.slice(0, 7)}`;
  return `${provider} serves ${what} and not #${current.number}, which counts as live here: it was put there past this console, and is what is taken away.`;
}

/** What goes there before a roll-back that is asked for now, and what can be done about it. */
export function onItsWaySays(
  ahead: { id: string; number: number } & EndingFacts,
): NonNullable<RollBackPlan['onItsWay']> {
  const { id, number, status } = ahead;
  const first = `#${number} is on its way there and goes first`;
  if (status === 'verifying')
    return { id, number, can: 'stop-waiting', says: `${first}: a roll-back waits for the end of its check.` };
  const until = `${first}: a roll-back waits until it has ended`;
  if (leavable(ahead).allowed) {
    const says = `${until} or is left to itself. It goes on for longer than usual.`;
    return { id, number, can: 'stop-waiting', says };
  }
  return { id, number, can: cancellable(ahead).allowed ? 'cancel' : null, says: `${until}.` };
}

/** What going back does not undo, and what else it does. */
export function sideEffects(facts: {
  /** Whether the target is set as it was then; `built`: nothing is sent that they would say. */
  settings: 'same' | 'changed' | 'built';
  on: string;
  /** Others that wait for this target, for their turn or for people. */
  waiting: number;
  arriving: number;
  environment: string;
  /** The provider that holds back later builds after it, until one is promoted; null when it does not. */
  holds?: string | null;
  /** The provider that starts what it serves again with the variables of now; null when it has those of then. */
  restarts?: string | null;
  /** How it was built then, and how what is live is built; `served`: nothing is built for it. */
  mode: { was: RenderingMode | null; now: RenderingMode | null; served: boolean };
  /** Its workflow could go back within seconds, and is from before it could be told to. */
  former?: boolean;
}): string[] {
  const { on, waiting: count, arriving, environment } = facts;
  const day = on.slice(0, 10);
  const waiting =
    count === 0
      ? ''
      : ` ${count} that ${count === 1 ? 'waits' : 'wait'} already ${count === 1 ? 'stays' : 'stay'} until then, too.`;
  return [
    'Migrations of a database and other changes outside of what is deployed are not undone.',
    settingsSay(facts.settings, day),
    ...(facts.restarts
      ? [`${facts.restarts} starts it with the variables of now, not with those of then. Look at what changed of them.`]
      : []),
    ...modeSays(facts.mode),
    ...(facts.former ? [FORMER] : []),
    `A pin with your name and reason holds the target there: new deployments wait until somebody lifts it.${waiting}`,
    ...(facts.holds
      ? [`${facts.holds} keeps back what is built after it, until a promotion: put that live from its own page here.`]
      : []),
    ...(arriving > 0
      ? [`${arriving} commit${arriving === 1 ? '' : 's'} that ${environment} does not have now would arrive.`]
      : []),
  ];
}

function settingsSay(settings: Parameters<typeof sideEffects>[0]['settings'], day: string): string {
  if (settings === 'built') return `It is what was built with the settings and inputs of ${day}, not with today’s.`;
  return settings === 'same'
    ? `It runs with the inputs of ${day}; the target’s settings are those of then.`
    : `The target’s settings have changed since: it runs with today’s, and with what they leave open of the inputs of ${day}.`;
}

const FORMER =
  'It is built: its workflow is of before, and cannot be told which release to serve again. Bring it up to date under Set up; until then, deploy the commit with “kept” ticked to go back without a build.';

function modeSays({ was, now, served }: Parameters<typeof sideEffects>[0]['mode']): string[] {
  if (was === now) return [];
  if (was === null) {
    const how = served ? 'and it is served as it was built' : 'so it is built as its host is set now';
    return [`How it was built then was not recorded, ${how}.`];
  }
  const is = now === null ? '' : `; now it is ${MODE_WORDS[now].short}`;
  return [`It is ${served ? 'served' : 'built'} as ${MODE_WORDS[was].short} again, ${MODE_WORDS[was].means}${is}.`];
}
