import type { Scenario, TrueBuild } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { isHostAmong, SIMULATED_HOSTS } from '@/lib/sandbox/transport';
import { OWN_SERVER, ownServer } from './own-server';

/** What a provider truly started, whatever it answered. */
export interface TrueRun {
  provider: string;
  id: string;
  marker: string | null;
  createdAt: string;
  attempt: number;
  status: string;
  conclusion: string | null;
}

/** A provider, and the settings of the targets that are to be there. */
export interface Place {
  providerId: string;
  origin: string;
  token: string;
  configs: Record<string, unknown>[];
}

export type Faults = Omit<Partial<Scenario>, 'webhooks'>;

/** Processes that are never killed: they are the truth. */
export interface Vendor {
  places: Place[];
  truth(): Promise<TrueRun[]>;
  scenario(change: Faults): Promise<void>;
  close(): Promise<void>;
}

/** All of a world's. */
export interface Vendors extends Vendor {
  /** Gives a build of that commit to those that do not build themselves. */
  upload(sha: string): Promise<void>;
}

export const TOKEN = 'sandbox-token';

const WORKFLOW = {
  ...{ repository: 'aetherstack/aetherstack', workflow: 'backend-deploy.yml' },
  ...{ defaultRef: 'main', inputs: {} },
};

/** Providers that start deployments and have a simulator, or their real code, in the lab; the one with workflows is the first. */
export function deployingProviders(): string[] {
  const isHere = (id: string, origin: string) =>
    id === OWN_SERVER || isHostAmong(SIMULATED_HOSTS, new URL(origin).host);
  return Object.values(providers)
    .filter(({ manifest, methods }) => methods.deploy && isHere(manifest.id, manifest.defaultOrigin))
    .sort((a, b) => Number(b.methods.workflows !== undefined) - Number(a.methods.workflows !== undefined))
    .map(({ manifest }) => manifest.id);
}

/** The provider with workflows: it also has the commits of all the others. */
export const workflowProvider = (): string => deployingProviders()[0] ?? '';

export const labelOf = (id: string): string => providers[id]?.manifest.label ?? id;

interface SandboxState {
  runs: Omit<TrueRun, 'provider'>[];
  hosts: { provider: string; target: Record<string, unknown>; builds: TrueBuild[] }[];
}

/**
 * The sandbox, and an agent beside it where targets are wanted there. `hosts`: how many targets at providers other than the
 * first; all of a host are one project of it, which builds as many at a time as it is asked to.
 */
export async function openVendors(
  sandboxUrl: string,
  folder: string,
  { targets, hosts = {} }: { targets: number; hosts?: Record<string, number> | undefined },
): Promise<Vendors> {
  const state = async () => (await (await fetch(`${sandboxUrl}/__sandbox/state`)).json()) as SandboxState;
  const own = hosts[OWN_SERVER] ? await ownServer(folder, hosts[OWN_SERVER]) : null;
  const simulated = (await state()).hosts.flatMap(({ provider, target }) =>
    placeAt(provider, target, hosts[provider] ?? 0),
  );
  return {
    places: [...placeAt(workflowProvider(), WORKFLOW, targets), ...simulated, ...(own?.places ?? [])],
    upload: async (sha) => own?.upload(sha),
    truth: async () => {
      const { runs, hosts: at } = await state();
      const built = at.flatMap(({ provider, builds }) =>
        builds.map((build) => ({ ...build, provider, attempt: 1, conclusion: null })),
      );
      const ran = runs.map((run) => ({ ...run, provider: workflowProvider() }));
      return [...ran, ...built, ...((await own?.truth()) ?? [])];
    },
    scenario: async (change) => {
      await Promise.all([setScenario(sandboxUrl, change), own?.scenario(change)]);
    },
    close: async () => own?.close(),
  };
}

function placeAt(providerId: string, config: Record<string, unknown>, count: number): Place[] {
  const origin = providers[providerId]?.manifest.defaultOrigin ?? '';
  return count === 0
    ? []
    : [{ providerId, origin, token: TOKEN, configs: Array.from({ length: count }, () => config) }];
}

async function setScenario(sandboxUrl: string, change: Faults): Promise<void> {
  const body = JSON.stringify(change);
  const answer = await fetch(`${sandboxUrl}/__sandbox/scenario`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The sandbox refused the scenario: ${await answer.text()}`);
}
