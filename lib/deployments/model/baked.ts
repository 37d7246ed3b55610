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
   * place has values of its own. `none`: it has no public values. `unproven`: of what was last built for the
   * place itself nothing is recorded. `other_salt`: hashed under another salt, so nothing can be compared. `names` are those that differ, or that are in question.
   */
  state: 'same' | 'none' | 'unknown' | 'unread' | 'unproven' | 'other_salt' | 'differs';
  names: string[];
  /** Of the build, those that it was told not to compare. */
  leftOut?: string[];
}

export function compareBaked(
  from: string,
  build: readonly BakedValue[] | null,
  own: readonly BakedValue[] | null,
  salts: { build: string | null; own: string | null } = { build: null, own: null },
): BakedFact {
  if (build === null && own && own.length > 0)
    return { from, state: 'unread', names: own.map(({ name }) => name).sort() };
  if (build === null) return { from, state: 'unknown', names: [] };
  if (build.length === 0 && (own === null || own.length === 0)) return { from, state: 'none', names: [] };
  if (own === null) return { from, state: 'unproven', names: build.map(({ name }) => name).sort() };
  const hashes = (values: readonly BakedValue[]) => new Map(values.map(({ name, hash }) => [name, hash]));
  const [brought, wanted] = [hashes(build), hashes(own)];
  const all = [...new Set([...brought.keys(), ...wanted.keys()])].sort();
  // A record of before salts were told says none, and is compared as it was then.
  if (salts.build !== null && salts.own !== null && salts.build !== salts.own) {
    // What only one of them has differs under any salt.
    const single = all.filter((name) => !brought.has(name) || !wanted.has(name));
    return single.length > 0 ? { from, state: 'differs', names: single } : { from, state: 'other_salt', names: all };
  }
  const names = all.filter((name) => brought.get(name) !== wanted.get(name));
  return { from, state: names.length === 0 ? 'same' : 'differs', names };
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

/** Names that the build was told not to compare, as they are kept beside it. */
export function readLeftOut(evidence: Record<string, unknown> | null): string[] {
  const names = evidence?.bakedLeftOut;
  return Array.isArray(names) ? names.filter((each): each is string => typeof each === 'string') : [];
}

/** Which salt they were hashed under, by its own digest; null where the record did not say. */
export function readSalt(evidence: Record<string, unknown> | null): string | null {
  const salt = evidence?.bakedSalt;
  return typeof salt === 'string' ? salt : null;
}
