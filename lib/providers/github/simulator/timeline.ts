/** Things that become due, earliest first; equal times keep their order. A binary heap, since thousands wait at once. */
export class Timeline<T> {
  readonly #heap: { at: number; serial: number; item: T }[] = [];
  #serial = 0;

  add(at: number, item: T): void {
    if (!Number.isFinite(at)) return;
    this.#heap.push({ at, serial: this.#serial++, item });
    this.#rise(this.#heap.length - 1);
  }

  /** Takes out the next thing that is due by `now`, or null. */
  take(now: number): { at: number; item: T } | null {
    const first = this.#heap[0];
    if (!first || first.at > now) return null;
    const last = this.#heap.pop();
    if (last && last !== first) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return { at: first.at, item: first.item };
  }

  #before(a: number, b: number): boolean {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (!left || !right) return left !== undefined;
    return left.at < right.at || (left.at === right.at && left.serial < right.serial);
  }

  #swap(a: number, b: number): void {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (!left || !right) return;
    this.#heap[a] = right;
    this.#heap[b] = left;
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      const child = this.#before(2 * at + 1, 2 * at + 2) ? 2 * at + 1 : 2 * at + 2;
      if (!this.#before(child, at) || child >= this.#heap.length) return;
      this.#swap(at, child);
      at = child;
    }
  }
}
