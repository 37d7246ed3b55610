/** `work` over all rows, at most `limit` at a time; answers in the order of the rows. The first failure ends it. */
export async function inParallel<T, R>(rows: readonly T[], limit: number, work: (row: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(rows.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < rows.length) {
      const at = next++;
      const row = rows[at];
      if (row !== undefined) results[at] = await work(row);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, rows.length) }, lane));
  return results;
}
