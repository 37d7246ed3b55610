/** So many at a time; the others wait in the order in which they came. */
export class InFlight {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /** `waited`: it did not begin at once. */
  async run<T>(work: (waited: boolean) => Promise<T>): Promise<T> {
    const waited = this.#free === 0;
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work(waited);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
