/** What crosses the port about secrets and variables. Times are ISO 8601 in UTC; a value travels boxed. */
import type { Secret } from '@/lib/kernel/secret';

/**
 * A variable's value: no secret, so it is not hunted for in everything that is written down (it may be an everyday word),
 * and yet it never leaves this process as it is.
 */
export class HiddenValue {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[hidden]';
  }

  toJSON(): string {
    return '[hidden]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[hidden]';
  }
}

export const SETTING_KINDS = ['secret', 'variable'] as const;
export type SettingKind = (typeof SETTING_KINDS)[number];

export interface SettingName {
  kind: SettingKind;
  name: string;
}

/** A setting as something asks for it. */
export interface NamedSetting extends SettingName {
  /** It does without: another value stands for it, or it looks whether there is one. Then it is never missing. */
  optional?: true;
  /** Each of these, of the same kind, is enough instead: it is missing only where they are missing too. */
  or?: readonly string[];
  /** Why another name, which the code mentions too, does not do instead; a sentence. */
  because?: string;
  /** Each environment has one of its own: whoever runs there refuses what several of them share. */
  unshared?: true;
}

/** How a provider keeps configuration. Data that draws the screen and judges what is read. */
export interface ConfigurationTraits {
  /** The kinds that it has. `readable`: it gives values back; `expression`: how whoever runs there names it. */
  kinds: Readonly<Partial<Record<SettingKind, { readable: boolean; maxBytes: number; expression: string }>>>;
  /**
   * From the nearest to the widest: of two settings of one name the nearer counts. `shared`: more than one of our
   * environments may read it; `writable` false: it is only shown. `kinds`: what may be
   * written there; all that it has when left out. `instead`: how the others are written, in a sentence.
   */
  scopes: readonly {
    id: string;
    word: string;
    shared: boolean;
    writable: boolean;
    kinds?: readonly SettingKind[];
    instead?: string;
    /** Kinds that cannot be taken away from here either, with where that is done. */
    fixed?: Readonly<Partial<Record<SettingKind, string>>>;
  }[];
  name: {
    /** Source of a regular expression over the whole name, as it is stored. */
    pattern: string;
    /** `upper`: names that differ in their letters’ case only are one, and kept in capitals. */
    letters: 'upper' | 'as-is';
    /** The rule in a sentence, for whom breaks it. */
    says: string;
  };
  /** When a change counts: only for what is deployed, or what is started, after it, or at once for what runs. */
  takesEffect: 'next-deployment' | 'next-start' | 'at-once';
  /** What else a change does there, in a sentence that stands in every plan. */
  alsoDoes?: string;
  /** What runs there reads it, so a target that something else deploys may name it as its runtime; `says` asks for it. */
  runtime?: { says: string };
}

/** One store of settings. */
export interface ConfigurationPlace {
  /** The provider's own name of it, to be handed back; stable. */
  id: string;
  /** The same for every spelling of the same store on the same server, and for no other store. */
  identity: string;
  /** The provider's own environment that it belongs to; null for one that belongs to none. */
  environment: string | null;
  /** One of the traits' scopes. */
  scope: string;
  /** For people: `acme/app → staging`. */
  label: string;
  /** A sentence when the store itself is not there, so that nothing can be kept in it; else null. */
  absent: string | null;
  /** A sentence when the provider does not show it, as on a plan without such stores: what is in it is not asked, nor known. */
  notInPlan?: string;
  /** A sentence when whoever runs there takes no change in its present state, such as in the middle of a deployment. */
  notNow?: string;
  url: string | null;
}

/** What a target's runs read, and what they name. */
export interface ConfigurationReads {
  /** Nearest first. */
  places: ConfigurationPlace[];
  /** False when its runs may read further places, which could not be found out. */
  complete: boolean;
  /**
   * The settings that the code which deploys it names; null when that could not be read, with `problem` saying why, or when
   * the provider has no way of telling: then nothing is a problem, and nothing is called missing.
   */
  named: NamedSetting[] | null;
  /** It reads what is in its places whether it names it or not: what is not among `named` counts all the same. */
  readsAll?: true;
  /**
   * Only where `takesEffect` is `next-start`: since when the oldest of what runs there has run, which a change has to be
   * newer than to be not live; null = nothing runs, or nobody can say. `renew` says how it is started anew.
   */
  running?: { since: string | null; renew: string };
  /**
   * Names that what is live was started with, where that can be read: one that its places have no more was taken away, and is
   * live all the same until the next deployment or start. Left out where nobody can say.
   */
  liveNames?: SettingName[];
  problem: string | null;
  /** The problem ends by itself: asked again, there may be none. */
  passing?: true;
}

export interface ConfigurationEntry extends SettingName {
  createdAt: string | null;
  updatedAt: string | null;
  /** Null where the provider never gives it back. */
  value: HiddenValue | null;
}

export interface WantedSetting extends SettingName {
  value: Secret | HiddenValue;
}

/** Taken, and not what runs there yet; `waits` says why, in a sentence. */
export interface Taken<T> {
  outcome: T;
  waits: string;
}
