import type { Browser } from '@playwright/test';
import { arrangePolicy, hasRegistry, liftEverything } from './arrange';
import { replaceToken, setImages, teamConnection } from './console';
import { OWN } from './consoles';
import { mendDatabase } from './database';
import { sandbox } from './sandbox';

/**
 * Puts back what a test changes for all others and, cut off, may have left: no database, holds, what Preview asks for, the
 * team's credential, where images come from, and what is set at the providers. Each is tried whatever became of the last.
 */
export async function putBack(browser: Browser): Promise<void> {
  const viewport = { width: 1280, height: 720 };
  const context = await browser.newContext({ baseURL: OWN.url, storageState: OWN.session, viewport });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const steps: Record<string, () => Promise<unknown>> = {
    // Without it none of the others comes through.
    'the database': () => mendDatabase(),
    'reviewers of Preview': () => sandbox.setReviewers('preview', []),
    'the edition of branches': () => sandbox.setForBranches('NEXT_PUBLIC_EDITION', 'next'),
    publishing: () => sandbox.lockPublishing('unlock'),
    'the credential': async () => replaceToken(page, (await teamConnection(page)).id, 'sandbox-token'),
    'images of Backend': async () => (await hasRegistry()) && setImages(page, 'None'),
    holds: () => liftEverything(),
    'the policy of Preview': () => arrangePolicy('preview', {}),
  };
  for (const [what, step] of Object.entries(steps))
    await step().catch((error: Error) => process.stdout.write(`not put back: ${what}: ${error.message}\n`));
  await context.close();
}
