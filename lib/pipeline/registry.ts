import type { Requirement } from './authorize';

export interface RegisteredVerb {
  kind: 'action' | 'query';
  name: string;
  permission: Requirement;
}

const verbs = new Map<string, RegisteredVerb>();

/**
 * Records that a verb goes through the pipeline. Two verbs of one name throw: the audit log could not tell them apart.
 * A bundler may evaluate one file several times, so only the test run, which loads each file once, is strict.
 */
export function register(verb: RegisteredVerb): void {
  const key = `${verb.kind}:${verb.name}`;
  if (verbs.has(key) && process.env.NODE_ENV === 'test')
    throw new Error(`Two ${verb.kind} verbs are called ${verb.name}.`);
  verbs.set(key, verb);
}

export function registeredVerbs(): RegisteredVerb[] {
  return [...verbs.values()];
}
