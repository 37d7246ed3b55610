import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase } from '@/lib/db/testing/context';
import type { GateWorld } from '@/lib/deployments/testing/gate-world';
import { type GalleryWorld, galleryWorld } from '@/lib/gallery/testing/world';
import { runs } from './catalog';
import { RACES, type RaceName } from './races';
import { edit, roleRemoval, twoWords } from './races/approvals';
import { rotation } from './races/credentials';
import { raceWorld } from './races/deployments';
import { download, sameVersion } from './races/gallery';
import { meetings, type Round } from './races/meeting';
import { lease, webhook } from './races/outcomes';
import { backAndForth, cancel, clicks, freeze } from './races/sending';

let world: GateWorld;
let gallery: GalleryWorld;
let vault: Database;

beforeAll(async () => {
  [world, gallery, vault] = await Promise.all([raceWorld(), galleryWorld(), openTestDatabase()]);
});
afterAll(async () => {
  await Promise.all([world.close(), gallery.close(), vault.close()]);
});

const ROUND_OF: Record<RaceName, () => Round | Promise<Round>> = {
  'click/click': () => clicks(world),
  'freeze/dispatch': () => freeze(world),
  'approve/edit': () => edit(world),
  'approve/approve': () => twoWords(world),
  'approve/role removal': () => roleRemoval(world),
  'cancel/dispatch': () => cancel(world),
  'rollback/deploy': () => backAndForth(world),
  'rotate/use': () => rotation(vault),
  'yank/download': () => download(gallery),
  'publish/publish same version': () => sameVersion(gallery),
  'webhook/reconcile': () => webhook(world),
  'lease expiry/complete': () => lease(world),
};

const rounds = runs('D19') / RACES.length;
/** With so many, a race of which only one end was ever seen was none. */
const MANY = 200;

describe('D19: whoever is first', () => {
  test.each(RACES)(
    '$name: $holds',
    async ({ name }) => {
      const round = await ROUND_OF[name]();
      const ends = new Map<string, number>();
      const once = async (meeting: Parameters<Round>[0]) => {
        const end = await round(meeting);
        ends.set(end, (ends.get(end) ?? 0) + 1);
      };
      // The same two would not meet in the same way again, so there is nothing to shrink.
      await fc.assert(fc.asyncProperty(meetings, once), { numRuns: rounds, endOnFailure: true });
      const seen = [...ends].map(([end, times]) => `${end} ${times}`).join(', ');
      process.stdout.write(`${name}: ${rounds} rounds: ${seen}\n`);
      if (rounds >= MANY) expect(ends.size, `one end only: ${seen}`).toBeGreaterThan(1);
    },
    20_000 + rounds * 1_000,
  );
});
