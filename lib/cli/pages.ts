import type { Page } from '@/lib/kernel/page';
import type { Client } from './client.ts';

/** All rows of a list that comes in pages, asked for one after the other. */
export async function allRows<T>(api: Client, path: string): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await api.get<Page<T>>(path, { limit: '200', cursor });
    rows.push(...page.rows);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}
