import { Rounds } from './rounds';

/**
 * Work that costs for many about what it costs for one, done in rounds: what comes while a round is under way goes together in
 * the next. One that comes alone waits for nothing.
 */
export class Batches<Item, Result> {
  readonly #rounds = new Rounds<Map<Item, Result | Error>>();
  readonly #work: (items: Item[]) => Promise<Map<Item, Result | Error>>;
  #waiting: Item[] = [];

  /** `work` answers for each item by itself; an error is thrown to whoever added that item. */
  constructor(work: (items: Item[]) => Promise<Map<Item, Result | Error>>) {
    this.#work = work;
  }

  async add(item: Item): Promise<Result> {
    this.#waiting.push(item);
    const results = await this.#rounds.join('', () => this.#work(this.#waiting.splice(0)));
    const result = results.get(item);
    if (result instanceof Error) throw result;
    if (result === undefined) throw new Error('A batch gave no answer for one of its items.');
    return result;
  }
}
