import type { TriggerInput } from '@/lib/deployments/model/schemas';
import { newId } from '@/lib/kernel/ids';

export type Draft = Omit<TriggerInput, 'idempotencyKey'>;

/**
 * Gives each click of intent its key. The same draft sent again keeps it, so a lost answer or a double click makes one
 * deployment; a changed draft, or one that follows a success, is a new intent.
 */
export function intentKeys<D extends object = Draft>(first: string, fresh: () => string = () => newId('key')) {
  let key = first;
  let sent: string | null = null;
  return {
    keyFor(draft: D): string {
      const content = JSON.stringify(draft);
      if (sent !== null && sent !== content) key = fresh();
      sent = content;
      return key;
    },
    /** The key has done its work. */
    spent(): void {
      key = fresh();
      sent = null;
    },
  };
}
