interface Round<V> {
  current: Promise<V>;
  next: Promise<V> | null;
}

/** Nobody waits longer than this behind a round that does not come to its end. Milliseconds. */
const PATIENCE_MS = 500;

/**
 * A read that many ask for at once, done in rounds. Whoever asks while a round is under way shares the next one, which begins
 * after they asked: nobody is ever told what was so before.
 */
export class Rounds<V> {
  readonly #rounds = new Map<string, Round<V>>();

  /** `work` is told whether its outcome is for several callers. It must not change what it returns afterwards. */
  join(key: string, work: (shared: boolean) => Promise<V>): Promise<V> {
    const round = this.#rounds.get(key);
    if (!round) return this.#begin(key, work, false);
    round.next ??= over(round.current).then(() => this.#begin(key, work, true));
    return round.next;
  }

  #begin(key: string, work: (shared: boolean) => Promise<V>, shared: boolean): Promise<V> {
    const round: Round<V> = { current: work(shared), next: null };
    this.#rounds.set(key, round);
    const leave = () => {
      if (this.#rounds.get(key) === round && round.next === null) this.#rounds.delete(key);
    };
    round.current.then(leave, leave);
    return round.current;
  }
}

/** However it ended. */
async function over(round: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([round.catch(() => {}), patience]);
  clearTimeout(timer);
}
