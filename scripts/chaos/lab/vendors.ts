import type { CredentialInput } from '@/lib/connections/model/schemas';
import type { Scenario, TrueBuild, TruePackage } from '@/lib/providers/port';
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
  /** When its provider took a request to cancel it; left out where none tells. */
  cancelledAt?: string | null;
}

/** What a provider did that is no run: it took a package, or led its visitors to a build that it had. */
export interface TrueDeed {
  provider: string;
  kind: 'package' | 'serve';
  /** The package's digest, or the provider's name of the build. */
  what: string;
}

/** A provider, and the settings of the targets that are to be there. */
export interface Place {
  providerId: string;
  origin: string;
  credential: CredentialInput;
  configs: Record<string, unknown>[];
}

export type Faults = Omit<Partial<Scenario>, 'webhooks'>;

/** Processes that are never killed: they are the truth. */
export interface Vendor {
  places: Place[];
  truth(): Promise<TrueRun[]>;
  /** Oldest first at each provider. */
  deeds(): Promise<TrueDeed[]>;
  /** The builds that visitors get. */
  live(): Promise<{ provider: string; id: string | null }[]>;
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

const isHere = (id: string, origin: string) => id === OWN_SERVER || isHostAmong(SIMULATED_HOSTS, new URL(origin).host);

/** Providers that start deployments and have a simulator, or their real code, in the lab; the one with workflows is the first. */
export function deployingProviders(): string[] {
  return Object.values(providers)
    .filter(({ manifest, methods }) => methods.deploy && isHere(manifest.id, manifest.defaultOrigin))
    .sort((a, b) => Number(b.methods.workflows !== undefined) - Number(a.methods.workflows !== undefined))
    .map(({ manifest }) => manifest.id);
}

/** The provider with workflows: it also has the commits of all the others. */
export const workflowProvider = (): string => deployingProviders()[0] ?? '';

/** Those that serve a build that they have once more, where others build its commit again. */
export const repointingProviders = (): string[] =>
  deployingProviders().filter((id) => providers[id]?.manifest.capabilities.rollback?.how === 'repoint');

/** Galleries with a simulator. */
export const galleries = (): string[] =>
  Object.values(providers)
    .filter(({ manifest, methods }) => methods.publish && isHere(manifest.id, manifest.defaultOrigin))
    .map(({ manifest }) => manifest.id);

/** Whose packages all simulated galleries take. */
const PUBLISHER = 'aetherstack';

/** The extension of a gallery's target of that number. */
export const extensionOf = (provider: string, n: number) => ({ publisher: PUBLISHER, name: `${provider}-${n}` });

/** Requests that change something at a provider of the sandbox, of all that went through the gate. */
export function changesAt(provider: string, seen: readonly { method: string; path: string }[]): number {
  const { host } = new URL(providers[provider]?.manifest.defaultOrigin ?? '');
  return seen.filter(({ method, path }) => method !== 'GET' && path.startsWith(`/${host}/`)).length;
}

export const labelOf = (id: string): string => providers[id]?.manifest.label ?? id;

interface SandboxState {
  runs: Omit<TrueRun, 'provider'>[];
  hosts: {
    provider: string;
    target: Record<string, unknown>;
    builds: TrueBuild[];
    repointed: string[];
    live: string | null;
  }[];
  galleries: { provider: string; packages: TruePackage[] }[];
}

/**
 * The sandbox, and an agent beside it where targets are wanted there. `hosts`: how many targets at providers other than the
 * first; all of a host are one project of it, which builds as many at a time as it is asked to; of a gallery each is another
 * extension.
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
    places: [
      ...placeAt(workflowProvider(), WORKFLOW, targets),
      ...simulated,
      ...shelves(hosts),
      ...(own?.places ?? []),
    ],
    upload: async (sha) => own?.upload(sha),
    truth: async () => {
      const { runs, hosts: at } = await state();
      const built = at.flatMap(({ provider, builds }) =>
        builds.map((build) => ({ ...build, provider, attempt: 1, conclusion: null })),
      );
      const ran = runs.map((run) => ({ ...run, provider: workflowProvider() }));
      return [...ran, ...built, ...((await own?.truth()) ?? [])];
    },
    deeds: async () => {
      const { hosts: at, galleries: shelved } = await state();
      const taken = shelved.flatMap(({ provider, packages }) =>
        packages.map(({ sha256: what }) => ({ provider, kind: 'package' as const, what })),
      );
      const served = at.flatMap(({ provider, repointed }) =>
        repointed.map((what) => ({ provider, kind: 'serve' as const, what })),
      );
      return [...taken, ...served, ...((await own?.deeds()) ?? [])];
    },
    live: async () => {
      const served = (await state()).hosts.map(({ provider, live: id }) => ({ provider, id }));
      return [...served, ...((await own?.live()) ?? [])];
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
    : [
        {
          ...{ providerId, origin, credential: { kind: 'token', token: TOKEN } },
          configs: Array.from({ length: count }, () => config),
        },
      ];
}

/** Galleries ask for the publisher's name as well. */
function shelves(hosts: Record<string, number>): Place[] {
  const credential = { kind: 'basic' as const, username: PUBLISHER, password: TOKEN, tokenOrigin: null };
  return galleries().flatMap((id) =>
    placeAt(id, {}, hosts[id] ?? 0).map((place) => ({
      ...{ ...place, credential },
      configs: place.configs.map((_, n) => {
        const { publisher, name } = extensionOf(id, n);
        return { extension: `${publisher}.${name}`, channel: 'stable' };
      }),
    })),
  );
}

async function setScenario(sandboxUrl: string, change: Faults): Promise<void> {
  const body = JSON.stringify(change);
  const answer = await fetch(`${sandboxUrl}/__sandbox/scenario`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The sandbox refused the scenario: ${await answer.text()}`);
}
