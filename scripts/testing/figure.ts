import { appendFileSync } from 'node:fs';

/** Where a test says what it counted; unset while nobody asks. */
export const FIGURES_FILE = 'AETHERSTACK_FIGURES';

/** What a test counted for a promise, before it expects anything of it: one short sentence. */
export function figure(promise: `P${number}`, sentence: string): void {
  const file = process.env[FIGURES_FILE];
  if (file) appendFileSync(file, `${JSON.stringify({ promise, sentence })}\n`);
}
