import type { InputValue } from '@/lib/providers/port';

type Inputs = Readonly<Record<string, InputValue>>;

/** As the blueprint of a server of one's own calls it: a release that is still there is served, and nothing is built. */
const ONE_OFF: readonly string[] = ['kept'];

/**
 * What may be taken over from an earlier deployment's inputs: all but what was ticked for that one press. Whoever deploys
 * anew, again, in another mode or back expects a build; ticked once more it counts as any other input.
 */
export function withoutOneOff(inputs: Inputs): Record<string, InputValue> {
  return Object.fromEntries(Object.entries(inputs).filter(([name, value]) => !(value === true && isOneOff(name))));
}

/** Whether two deployments ask for the same content: how a release comes is none of it, ticked or not. */
export function sameContent(a: Inputs, b: Inputs): boolean {
  const [one, other] = [contentOf(a), contentOf(b)];
  return one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
}

const contentOf = (inputs: Inputs) =>
  new Map(Object.entries(inputs).filter(([name, value]) => !(typeof value === 'boolean' && isOneOff(name))));

export const isOneOff = (name: string): boolean => ONE_OFF.includes(name);
