import type { ExampleSite, SimulatorWorld } from '@/lib/providers/port';
import { MARKER_KEY } from '../marker';
import { bakedOfBuild, modeOfBuild } from './site';
import { CREATED, PROJECT, type State, TEAM } from './state';

/** The example team's app, whose visitors are measured. */
export function exampleOf(world: SimulatorWorld, seed: number, state: State): ExampleSite {
  const { name, org, repo, productionBranch } = PROJECT;
  return {
    provider: 'vercel',
    component: {
      slug: 'portal',
      name: 'Portal',
      description: 'What customers sign in to, built and served by a host.',
    },
    config: { project: name, team: TEAM, repository: `${org}/${repo}` },
    async built({ branch, sha, marker, at }) {
      const production = branch === productionBranch;
      const data = {
        ...{ production, ref: branch, sha, meta: { [MARKER_KEY]: marker }, by: 'release-console' },
        baked: bakedOfBuild(world, seed, production),
        rendering: modeOfBuild(world, seed, { production, ref: branch }),
        ...{ source: 'api-trigger-git-deploy', pace: 1, outcome: 'success', listLagMs: 0, liveLagMs: 0 },
      };
      await world.record({ at, kind: CREATED, data });
      const made = state.deployments().at(-1);
      if (!made) throw new Error('The deployment was not recorded.');
      return { id: made.id, baked: made.baked };
    },
  };
}
