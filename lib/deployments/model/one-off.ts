import type { InputValue } from '@/lib/providers/port';

/** As the blueprint of a server of one's own calls it: a release that is still there is served, and nothing is built. */
const ONE_OFF: readonly string[] = ['kept'];

/**
 * What may be taken over from an earlier deployment's inputs: all but what was ticked for that one press. Whoever deploys
 * anew, again, in another mode or back expects a build; ticked once more it counts as any other input.
 */
export function withoutOneOff(inputs: Readonly<Record<string, InputValue>>): Record<string, InputValue> {
  return Object.fromEntries(Object.entries(inputs).filter(([name, value]) => !(value === true && isOneOff(name))));
}

export const isOneOff = (name: string): boolean => ONE_OFF.includes(name);
