/** Reads for one answer: what several of its parts ask for is read once. Nothing of it outlives the answer. */
export class ReadsOnce {
  readonly #made = new Map<string, Promise<unknown>>();

  /** `what`: everything that the reading depends on. One that failed failed for all who asked. */
  of<T>(what: readonly unknown[], read: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(what);
    const made = (this.#made.get(key) as Promise<T> | undefined) ?? read();
    this.#made.set(key, made);
    return made;
  }
}
