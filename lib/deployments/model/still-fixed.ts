import type { InputValue } from '@/lib/providers/port';

type Settings = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, InputValue>>;

/** What a target's settings fixed once, by the settings of now. */
export interface StillFixed {
  /** To the same value now, too. */
  fixed: Values;
  /** Not any more: it counts as filled in. */
  lapsed: Values;
}

/**
 * `own`: settings of now of all targets of the own environment in the repository. One of them alone has to say it, for two could
 * say between them what an administrator never put together: the target `itself`, or another that says the same and more.
 */
export function stillFixed(then: Settings, itself: Settings | undefined, own: readonly Settings[]): StillFixed {
  const before = Object.entries(fixedInputs(then));
  const sameIn = (now: Settings | undefined): readonly string[] => {
    // The inputs of another file mean something else.
    if (!now || (now.workflow ?? '') !== (then.workflow ?? '')) return [];
    const values = new Map(
      Object.entries(fixedInputs(now)).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    return before.flatMap(([name, value]) => (values.get(name.toLowerCase()) === String(value) ? [name] : []));
  };
  const names = own.map(sameIn).reduce((most, each) => {
    return each.length > most.length && most.every((name) => each.includes(name)) ? each : most;
  }, sameIn(itself));
  const [fixed, lapsed] = [true, false].map((is) => before.filter(([name]) => names.includes(name) === is));
  return { fixed: Object.fromEntries(fixed ?? []), lapsed: Object.fromEntries(lapsed ?? []) };
}

/** What settings fix. */
export function fixedInputs({ inputs }: Settings): Values {
  return (inputs ?? {}) as Values;
}
