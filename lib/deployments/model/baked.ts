/** A public value that is part of a build, by name and keyed hash; never the value. */
export interface BakedValue {
  name: string;
  /** HMAC-SHA-256 in hexadecimal under the component's salt. */
  hash: string;
}

/** What the build that is promoted brings along, against what was built for the place itself. */
export interface BakedFact {
  /** The environment for which it was built. */
  from: string;
  /**
   * `unknown`: no record of the build was read, and none of one for the place. `unread`: of the build none was read, and the
   * place has values of its own. `none`: it has no public values. `unproven`: nothing recorded was ever built for the
   * place itself. `names` are those that differ, or that are in question.
   */
  state: 'same' | 'none' | 'unknown' | 'unread' | 'unproven' | 'differs';
  names: string[];
}

export function compareBaked(
  from: string,
  build: readonly BakedValue[] | null,
  own: readonly BakedValue[] | null,
): BakedFact {
  if (build === null && own && own.length > 0)
    return { from, state: 'unread', names: own.map(({ name }) => name).sort() };
  if (build === null) return { from, state: 'unknown', names: [] };
  if (build.length === 0 && (own === null || own.length === 0)) return { from, state: 'none', names: [] };
  if (own === null) return { from, state: 'unproven', names: build.map(({ name }) => name).sort() };
  const hashes = (values: readonly BakedValue[]) => new Map(values.map(({ name, hash }) => [name, hash]));
  const [brought, wanted] = [hashes(build), hashes(own)];
  const names = [...new Set([...brought.keys(), ...wanted.keys()])].filter(
    (name) => brought.get(name) !== wanted.get(name),
  );
  return { from, state: names.length === 0 ? 'same' : 'differs', names: names.sort() };
}

const SHOWN = 5;

/** `A, B and 3 more` */
export function namesInWords(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more > 0 ? `${names.slice(0, SHOWN).join(', ')} and ${more} more` : names.join(', ');
}

/** As it is kept with a deployment's evidence; null for anything else. */
export function readBaked(evidence: Record<string, unknown> | null): BakedValue[] | null {
  const baked = evidence?.baked;
  if (!Array.isArray(baked)) return null;
  return baked.filter((each): each is BakedValue => typeof each?.name === 'string' && typeof each?.hash === 'string');
}
