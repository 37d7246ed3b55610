import type { RollBackWhenWorse } from '../../gates/model/policy';
import { LOOK_HOLDS_MS } from './settle';
import type { Verdict } from './verdict';
import { clock } from './verdict-beside';

/** What became of going back by itself, as it is kept and shown. `at` is ISO 8601 in UTC. */
export interface RollBackNote {
  state: 'asked' | 'refused';
  at: string;
  code: string;
  sentence: string;
  /** The roll-back that was asked for; null when none was. */
  deploymentId: string | null;
  /** A refusal was told to people already: that they have to press is news once. */
  isTold?: boolean;
}

/** What is tried again by itself is no press for a person. */
const TRIED_AGAIN: readonly string[] = ['not_seen'];

/** Whether people are told now that nothing goes back by itself: once for a deployment, and not of trouble that goes by. */
export function isNewsForPeople(
  { state, code, isPassing = false }: Pick<RollBackNote, 'state' | 'code'> & { isPassing?: boolean },
  before: RollBackNote | null,
): boolean {
  return state === 'refused' && !isPassing && !before?.isTold && !TRIED_AGAIN.includes(code);
}

export interface LastHealthy {
  id: string;
  number: number;
  /** How many succeeded there after it and before the one that is worse. */
  between: number;
  /** When it went live, epoch milliseconds. */
  liveAt: number;
  /** Going back would send what is live: the same commit, inputs, settings and mode. */
  isSame: boolean;
}

/** Everything that decides whether a deployment that is worse is rolled back by itself. Moments are epoch milliseconds. */
export interface RollBackFacts {
  /** What the environment asks for; null = a person presses. */
  asks: RollBackWhenWorse | null;
  environment: string;
  number: number;
  verdict: Verdict;
  why: string;
  closed: boolean;
  /** When the newest look was; null = never. */
  judgedAt: number | null;
  /** What the newest look found, and since when each look has. */
  found: Verdict | null;
  foundSince: number | null;
  /** Where nothing but alerts is the reason: since when the one that has fired longest does. */
  alertSince: number | null;
  /** When its window is over. */
  untilAt: number;
  now: number;
  isLive: boolean;
  /** It is a roll-back itself, or a re-run of one. */
  goesBack: boolean;
  /** Something else was seen there, whoever put it there: the numbers may be that one's. */
  isElseThere: boolean;
  /** A package at a gallery: its highest version stays. */
  onlyUpwards: boolean;
  /** The roll-back that was asked for already. */
  asked: { id: string; number: number } | null;
  /** Another deployment carries the key that the roll-back would have. */
  isKeyTaken: boolean;
  /** A run that holds the target, or a roll-back that somebody asked for. */
  onItsWay: number | null;
  /** The newest earlier one that was judged healthy and that nobody went back past. */
  lastHealthy: LastHealthy | null;
}

export type RollBackDecision =
  | { do: 'nothing' }
  /** `until`: when it is looked at again, where that is known. */
  | { do: 'wait'; sentence: string; until: number | null }
  | { do: 'refuse'; code: string; sentence: string }
  | { do: 'ask'; toDeploymentId: string; reason: string };

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Worse is of now while it is looked at, and for a day after its window; later it is of the past, and suggests nothing. */
export function isStillNews({ closed, untilAt, now }: { closed: boolean; untilAt: number; now: number }): boolean {
  return !closed || now - untilAt <= DAY;
}

/** Further back than this much else has changed (schemas, fixes), and a person decides. */
export const FARTHEST = { deployments: 3, days: 14 };
const REASON_LIMIT = 500;

type Held = Extract<RollBackDecision, { do: 'wait' | 'refuse' }>;

const wait = (sentence: string, until: number | null = null): Held => ({ do: 'wait', sentence, until });
type Refused = Extract<RollBackDecision, { do: 'refuse' }>;
const refuse = (code: string, sentence: string): Refused => ({ do: 'refuse', code, sentence });

/** Whether to go back by itself, and where to. Pure; the worker and the page ask the same. */
export function rollBackRule(facts: RollBackFacts): RollBackDecision {
  const { asks, lastHealthy } = facts;
  if (!asks || !facts.isLive || facts.goesBack || facts.onlyUpwards || facts.asked) return { do: 'nothing' };
  if (facts.verdict !== 'worse') return { do: 'nothing' };
  const held = forPeople(facts) ?? unconfirmed(facts, asks);
  if (held) return held;
  if (facts.onItsWay !== null)
    return wait(`#${facts.onItsWay} is on its way there, so nothing is rolled back by itself meanwhile.`);
  if (!lastHealthy)
    return refuse(
      'none_healthy',
      'Nothing earlier was judged healthy there. Choose on the roll-back page where to go back to.',
    );
  const unfit = unfitReason(lastHealthy, facts.now);
  return unfit ?? { do: 'ask', toDeploymentId: lastHealthy.id, reason: reasonOf(facts, lastHealthy) };
}

function forPeople({ closed, now, untilAt, isElseThere, isKeyTaken, number }: RollBackFacts): Held | null {
  // Drift ends the window, too, and says more about why.
  if (isElseThere) return somethingElse(number);
  // Looks after the window are about the window: they say nothing of how it does now.
  if (closed || now >= untilAt)
    return refuse('window_over', 'Its window is over, so going back is for a person to press.');
  if (!isKeyTaken) return null;
  return refuse('key_taken', 'Another deployment carries the key of this roll-back, so it is for a person to press.');
}

/** As it was last seen, and as it is seen just before it would be acted on. */
export const somethingElse = (number: number) =>
  refuse(
    'something_else_there',
    `Something else than #${number} was seen live there, and the numbers may be of that. Look at what is live, then press.`,
  );

/** Only looks count, each of them, the newest young enough to be about now. */
function unconfirmed(facts: RollBackFacts, { confirmMinutes }: RollBackWhenWorse): Held | null {
  const { environment, found, foundSince, alertSince, judgedAt, now } = facts;
  if (judgedAt === null || now - judgedAt >= LOOK_HOLDS_MS)
    return wait(
      `The newest look is a minute old or more, so ${environment} waits for one before it goes back by itself.`,
    );
  if (found !== 'worse')
    return wait(`The newest look did not find it worse, so ${environment} waits before it goes back by itself.`);
  const from = Math.max(foundSince ?? now, alertSince ?? 0) + confirmMinutes * MINUTE;
  if (now >= from) return null;
  return wait(`If it stays worse, it is rolled back by itself at ${clock(from)}: ${environment} asks for that.`, from);
}

function unfitReason({ number, between, liveAt, isSame }: LastHealthy, now: number): Held | null {
  if (isSame)
    return refuse(
      'same_again',
      `#${number} was judged healthy and is the same commit with the same inputs and settings, so going back to it changes nothing. Look for the cause elsewhere.`,
    );
  if (between < FARTHEST.deployments && now - liveAt <= FARTHEST.days * DAY) return null;
  return refuse(
    'too_far_back',
    `The newest that was judged healthy is #${number}, more than ${FARTHEST.deployments} successful deployments or ${FARTHEST.days} days back. So far is for a person to press.`,
  );
}

function reasonOf({ environment, number, why }: RollBackFacts, to: { number: number; between: number }): string {
  const left = to.between === 0 ? '' : ` (${to.between} in between ${to.between === 1 ? 'was' : 'were'} not)`;
  const text = `By itself, as ${environment} asks: #${number} is worse than before, and #${to.number} is the newest that was judged healthy${left}. ${why}`;
  return text.length <= REASON_LIMIT ? text : `${text.slice(0, REASON_LIMIT - 1)}…`;
}
