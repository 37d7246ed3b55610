import type { InputValue } from '@/lib/providers/port';
import { KEPT_RELEASES } from './kept';

type Inputs = Readonly<Record<string, InputValue>>;

/** As the blueprint of a server of one's own calls it: a release that is still there is served, and nothing is built. */
const ONE_OFF: readonly string[] = ['kept'];

/** Inputs that say how a release comes, and nothing of what it is or where it goes. */
export const HOW: readonly string[] = [...ONE_OFF, KEPT_RELEASES];

/**
 * What may be taken over from an earlier deployment's inputs: all but what was ticked, or which releases were named, for that
 * one press. Whoever deploys anew, again or in another mode expects a build, and a roll-back names its own releases.
 */
export function withoutOneOff(inputs: Inputs): Record<string, InputValue> {
  const isOfThatPress = ([name, value]: [string, InputValue]) =>
    name === KEPT_RELEASES || (value === true && isOneOff(name));
  return Object.fromEntries(Object.entries(inputs).filter((each) => !isOfThatPress(each)));
}

/** Whether two deployments ask for the same content: how a release comes is none of it, ticked or not. */
export function sameContent(a: Inputs, b: Inputs): boolean {
  const [one, other] = [contentOf(a), contentOf(b)];
  return one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
}

function contentOf(inputs: Inputs): Map<string, InputValue> {
  const isHow = ([name, value]: [string, InputValue]) =>
    name === KEPT_RELEASES || (typeof value === 'boolean' && isOneOff(name));
  return new Map(Object.entries(inputs).filter((each) => !isHow(each)));
}

export const isOneOff = (name: string): boolean => ONE_OFF.includes(name);
