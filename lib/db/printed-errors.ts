import 'server-only';
import { inspect } from 'node:util';
import { DrizzleQueryError } from 'drizzle-orm';
import pg from 'pg';
import { describeError } from '@/lib/kernel/log';

/** As our own log says it, and no more: class, message, frames, and the same of the cause. */
function printed(this: Error): string {
  const { error, message, stack, cause } = describeError(this);
  const because = cause as { error: string; message: string } | undefined;
  const head = `${error}: ${message}${because ? ` (${because.error}: ${because.message})` : ''}`;
  return [head, ...String(stack).split(' | ')].join('\n    ');
}

/**
 * What others print of an error of the database has no value of a statement: the framework prints what a page threw by
 * itself, past the log, and these errors carry all values as `params`, and that of a refused row as `detail`.
 */
export function printWithoutValues(): void {
  for (const { prototype } of [DrizzleQueryError, pg.DatabaseError])
    Object.defineProperty(prototype, inspect.custom, { value: printed, configurable: true, writable: true });
}
