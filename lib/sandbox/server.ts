import path from 'node:path';
import { parseArgs } from 'node:util';
import { createAppEngineSimulator } from '@/lib/providers/app-engine/simulator';
import { createCloudRunSimulator } from '@/lib/providers/cloud-run/simulator';
import { createDatadogSimulator } from '@/lib/providers/datadog/simulator';
import { createEcsSimulator } from '@/lib/providers/ecs/simulator';
import { createGithubSimulator, type GithubSimulator } from '@/lib/providers/github/simulator';
import { createGrafanaSimulator } from '@/lib/providers/grafana/simulator';
import { createHerokuSimulator } from '@/lib/providers/heroku/simulator';
import { createKubernetesSimulator } from '@/lib/providers/kubernetes/simulator';
import { createNetlifySimulator } from '@/lib/providers/netlify/simulator';
import { createOpenVsxSimulator } from '@/lib/providers/open-vsx/simulator';
import { createPrometheusSimulator } from '@/lib/providers/prometheus/simulator';
import { createSentrySimulator } from '@/lib/providers/sentry/simulator';
import { createVercelSimulator } from '@/lib/providers/vercel/simulator';
import { createMarketplaceSimulator } from '@/lib/providers/vs-marketplace/simulator';
import { startCourier } from './courier';
import { sandboxHttp } from './http';
import { publishedByRuns } from './published-by-runs';
import { repositoryFiles } from './repository-files';
import { scenario } from './scenarios';
import { createServiceAccounts } from './service-accounts';
import { createServices, type Services } from './services';
import { readVsix } from './vsix';
import { openWorld, type SandboxWorld } from './world';

export interface SandboxOptions {
  /** 0 takes a free port. */
  port: number;
  /** Folder of the journal; null keeps everything in memory. */
  data: string | null;
  scenario: string;
  /** Multiplies every duration; 0.1 is ten times faster. */
  pace: number;
  seed: number;
  /** Requests an hour for each token. */
  quota?: number | undefined;
  webhookUrl?: string | undefined;
  webhookSecret?: string | undefined;
  /** Epoch milliseconds; what it begins with may lie in the past. */
  clock?: (() => number) | undefined;
}

export interface RunningSandbox {
  port: number;
  url: string;
  close(): Promise<void>;
}

/**
 * Starts the sandbox on 127.0.0.1.
 * @throws Error when the port is taken, the scenario unknown or the journal damaged.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const chosen = scenario(options.scenario);
  const file = options.data === null ? null : path.join(path.resolve(options.data), 'journal.jsonl');
  const world = await openWorld({
    file,
    seed: options.seed,
    scenario: { ...chosen, pace: chosen.pace * options.pace },
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const seed = Number(world.facts().find((fact) => fact.kind === 'sandbox.start')?.data.seed ?? options.seed);
  const webhook = options.webhookUrl ? { url: options.webhookUrl, secret: options.webhookSecret ?? null } : undefined;
  const github = createGithubSimulator(world, { seed, files: await repositoryFiles(), webhook, quota: options.quota });
  const services = createServices(world, github, chosen);
  const hosting = [
    createNetlifySimulator(world, { seed, webhook: hookOf(options, 'netlify'), headOf: headsOf(github) }),
    createVercelSimulator(world, { seed, webhook: hookOf(options, 'vercel') }),
    publishedByRuns(createMarketplaceSimulator(world, { seed, readPackage: readVsix }), github),
    createOpenVsxSimulator(world, { seed, readPackage: readVsix }),
    createPrometheusSimulator(world, { seed, stateOf: stateOfJob(services) }),
    createSentrySimulator(world, { seed, projects: ['backend', 'dashboard', 'docs'], stateOf: stateOfPlace(services) }),
    createDatadogSimulator(world, { seed, stateOf: stateOfPlace(services) }),
    createGrafanaSimulator(world),
    createHerokuSimulator(world, { seed }),
    createEcsSimulator(world, { seed }),
    createKubernetesSimulator(world, { seed }),
    ...accountsAndTheirs(world, seed),
  ];
  const { server } = sandboxHttp({ world, github, services, hosting, seed, pace: options.pace });
  const stopCourier = startCourier([github, ...hosting]);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      stopCourier();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await world.close();
    },
  };
}

/** The console has an address for each vendor; in the sandbox all of them sign with the same secret. */
function hookOf({ webhookUrl, webhookSecret }: SandboxOptions, vendor: string) {
  if (!webhookUrl || !webhookSecret) return undefined;
  return { url: new URL(`/api/webhooks/${vendor}`, webhookUrl).href, secret: webhookSecret };
}

/** Whose roles let them do more than look, or look at all. */
const CONSOLE = 'aetherstack-console@acme-prod.iam.gserviceaccount.com';

/** The host that makes tokens, and those that take them. */
function accountsAndTheirs(world: SandboxWorld, seed: number) {
  const accounts = createServiceAccounts(world);
  const { accountOf } = accounts;
  return [
    accounts,
    createCloudRunSimulator(world, { seed, accountOf, developers: [CONSOLE] }),
    createAppEngineSimulator(world, { accountOf, viewers: [CONSOLE] }),
  ];
}

/** Projects, and services, are called as the components are. */
function stateOfPlace(services: Services) {
  return (component: string, environment: string, at: number) => services.stateOf(environment, component, at);
}

/** A job of the example team's metrics is `<component>-<environment>`. */
function stateOfJob(services: Services) {
  return (job: string, at: number) => {
    const [component = '', environment = ''] = job.split('-');
    return services.stateOf(environment, component, at);
  };
}

/** The newest commit of a branch of the example repository, asked of its host as a build would. */
function headsOf(github: GithubSimulator): (branch: string) => Promise<string | null> {
  return async (branch) => {
    const url = `https://api.github.com/repos/aetherstack/aetherstack/commits/${encodeURIComponent(`heads/${branch}`)}`;
    const answer = await github.handle(new Request(url, { headers: { authorization: 'token sandbox-token' } }));
    return answer.ok ? String(((await answer.json()) as { sha?: unknown }).sha) : null;
  };
}

/** Ends with the process that started it: an orphan would keep the port and confuse the next start. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 500).unref();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
      scenario: { type: 'string', default: 'happy' },
      pace: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      quota: { type: 'string' },
      'webhook-url': { type: 'string' },
      'webhook-secret': { type: 'string' },
      stay: { type: 'boolean', default: false },
    },
  });
  if (!values.memory && !values.data)
    throw new Error('Say where to keep the journal (--data <folder>) or that there shall be none (--memory).');
  const sandbox = await startSandbox({
    port: Number(values.port),
    data: values.memory ? null : (values.data ?? null),
    scenario: values.scenario,
    pace: Number(values.pace),
    seed: Number(values.seed),
    quota: values.quota === undefined ? undefined : Number(values.quota),
    webhookUrl: values['webhook-url'],
    webhookSecret: values['webhook-secret'],
  });
  const end = () => {
    void sandbox.close().finally(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (!values.stay) endWithParent(end);
  process.stdout.write(`listening ${sandbox.port}\n`);
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
