import type { ExampleSite, SimulatorWorld } from '@/lib/providers/port';
import { titleOf } from '../title';
import { madeLater } from './env';
import { bakedOfBuild, modeOfBuild } from './site';
import { CREATED, SITE, type State } from './state';

const QUARTER_HOUR_MS = 900_000;

/** The example team's website, with the one change of the example that is not live yet. */
export function exampleOf(world: SimulatorWorld, seed: number, state: State): ExampleSite {
  return {
    provider: 'netlify',
    component: { slug: 'website', name: 'Website', description: 'Landing pages, built and served by a host.' },
    config: { site: `${SITE.name}.netlify.app`, repository: SITE.repository },
    async built({ branch, sha, marker, at }) {
      const data = {
        ...{ branch, sha, title: titleOf(marker, sha) },
        baked: bakedOfBuild(world, seed, state.siteId, branch),
        rendering: modeOfBuild(world, seed, state.siteId, branch),
        ...{ by: 'release-console', pace: 1, outcome: 'success', listLagMs: 0, liveLagMs: 0 },
      };
      await world.record({ at, kind: CREATED, data });
      if (branch !== SITE.branch) await world.record(madeLater(seed, state.siteId, at + QUARTER_HOUR_MS));
      const made = state.deploys().at(-1);
      if (!made) throw new Error('The deploy was not recorded.');
      return { id: made.id, baked: made.baked };
    },
  };
}
