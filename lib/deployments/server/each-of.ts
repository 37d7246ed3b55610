import { describeError, log } from '@/lib/kernel/log';

const AT_ONCE = 5;

/** Several at once; one that this console stumbles over never keeps the others from their turn. */
export async function eachOf<T extends { id: string }>(
  claimed: readonly T[],
  what: string,
  work: (one: T) => Promise<void>,
) {
  const left = [...claimed];
  const next = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      const { id } = one;
      await work(one).catch((error: unknown) =>
        log.error(`${what}; it is its turn again later`, { id, ...describeError(error) }),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
