import type { SimulatorWorld } from '@/lib/providers/port';
import type { State } from './state';

/** What clients told this GitHub about deployments and versions. */
export interface DeploymentRecord {
  id: number;
  repo: string;
  sha: string;
  ref: string;
  task: string;
  environment: string;
  description: string | null;
  payload: unknown;
  production: boolean;
  transient: boolean;
  creator: string;
  at: number;
  statuses: RecordStatus[];
}

export interface RecordStatus {
  id: number;
  state: string;
  description: string;
  logUrl: string;
  environmentUrl: string;
  creator: string;
  at: number;
}

export interface CommitStatus {
  id: number;
  repo: string;
  sha: string;
  state: string;
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: string;
  at: number;
}

/** One that an App made; those of Actions are told by the runs. */
export interface MadeCheck {
  id: number;
  repo: string;
  sha: string;
  name: string;
  externalId: string;
  status: string;
  conclusion: string | null;
  title: string | null;
  summary: string | null;
  detailsUrl: string | null;
  at: number;
  changedAt: number;
}

export interface Release {
  id: number;
  repo: string;
  tag: string;
  target: string;
  name: string;
  body: string;
  draft: boolean;
  preRelease: boolean;
  author: string;
  at: number;
  publishedAt: number | null;
}

export interface Published {
  deployments: DeploymentRecord[];
  statuses: CommitStatus[];
  checks: MadeCheck[];
  releases: Release[];
  /** Annotated tags by the id of their object, with the commit that each leads to. */
  tagObjects: Map<string, string>;
}

interface Store extends Published {
  folded: number;
}

const stores = new WeakMap<State, Store>();

/** Brought up to date with the journal by whoever asks. */
export function published(state: State, world: Pick<SimulatorWorld, 'facts'>): Published {
  const store = stores.get(state) ?? {
    deployments: [],
    statuses: [],
    checks: [],
    releases: [],
    tagObjects: new Map(),
    folded: 0,
  };
  stores.set(state, store);
  const facts = world.facts();
  for (; store.folded < facts.length; store.folded++) {
    const fact = facts[store.folded];
    if (fact) apply(store, fact.kind, fact.data, fact.at);
  }
  return store;
}

function apply(store: Store, kind: string, data: Record<string, unknown>, at: number): void {
  switch (kind) {
    case 'deployment.created':
      store.deployments.push({ ...(data as unknown as DeploymentRecord), at, statuses: [] });
      break;
    case 'deployment.said': {
      const record = store.deployments.find(({ id }) => id === data.deployment);
      record?.statuses.push({ ...(data as unknown as RecordStatus), at });
      break;
    }
    case 'commit.status':
      store.statuses.push({ ...(data as unknown as CommitStatus), at });
      break;
    case 'check.created':
      store.checks.push({ ...(data as unknown as MadeCheck), at, changedAt: at });
      break;
    case 'check.changed': {
      const check = store.checks.find(({ id }) => id === data.id);
      if (check) Object.assign(check, data, { changedAt: at });
      break;
    }
    case 'repository.renamed':
      for (const each of [...store.deployments, ...store.statuses, ...store.checks, ...store.releases])
        if (each.repo === data.repo) each.repo = `${each.repo.split('/')[0]}/${data.name}`;
      break;
    case 'git.tag':
      store.tagObjects.set(String(data.sha), String(data.object));
      break;
    case 'release.created':
      store.releases.push({ ...(data as unknown as Release), at, publishedAt: data.draft ? null : at });
      break;
    case 'release.changed': {
      const release = store.releases.find(({ id }) => id === data.id);
      if (!release) break;
      const isPublished = release.draft && data.draft === false;
      Object.assign(release, data, isPublished ? { publishedAt: at } : {});
      break;
    }
  }
}
