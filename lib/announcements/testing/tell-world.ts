import { eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { announcements, deployments, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import type { DeploymentStatus } from '@/lib/deployments/model/status';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import type { AnyProvider, Credential } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';

export const WORKFLOW = 'plain.yml';
export const PLAIN = 'on: workflow_dispatch\njobs: { put: { runs-on: ubuntu-latest, steps: [{ run: make }] } }\n';
export const REPOSITORY = 'aetherstack/aetherstack';

export type Row = typeof announcements.$inferSelect;
type Wire = (request: Request, send: () => Promise<Response>) => Promise<Response>;

/** The real adapter over the simulated vendor, with a target of its own for each test. */
export interface TellWorld {
  database: Database;
  vendor: ReturnType<typeof memoryWorld>;
  simulator: ReturnType<typeof createGithubSimulator>;
  target: typeof targets.$inferSelect;
  sha: string;
  serial: number;
  /** Stands between the adapter and GitHub. */
  wire: Wire;
  /** A new target at a new commit; what earlier ones left is over. */
  begin(files?: Record<string, string | null>): Promise<void>;
  /** By a person’s token, or as the App. */
  worker(as?: string | Credential): ServiceContext;
  admin(role?: 'admin' | 'operator'): ServiceContext;
  deployed(status: DeploymentStatus, more?: object): ReturnType<typeof makeDeployment>;
  becomes(id: string, status: DeploymentStatus): Promise<void>;
  rowOf(id: string): Promise<Row>;
  /** Whatever is to be looked at later is to be looked at now. */
  due(): Promise<unknown>;
  facts(kind: string): { kind: string; data: Record<string, unknown> }[];
  records(): { data: Record<string, unknown> }[];
  statesSaid(): unknown[];
  marks(): unknown[];
  /** Each change of a check, in their order: of which deployment, whether it was made then, and how it stood. */
  checks(): string[];
}

export const refuse = (status: number, message: string) => Response.json({ message }, { status });
export const noRight = () => refuse(403, 'Resource not accessible by integration');
export const isCreate = (request: Request) => request.method === 'POST' && request.url.endsWith('/deployments');
export const isCheck = (request: Request) => request.method !== 'GET' && /\/check-runs(\/\d+)?$/.test(request.url);
export const isMark = (request: Request) => /\/statuses\/[0-9a-f]{40}$/.test(request.url);

export async function tellWorld(files: ReadonlyMap<string, string>): Promise<TellWorld> {
  const database = await openTestDatabase();
  const { db } = database;
  const vendor = memoryWorld();
  const simulator = createGithubSimulator(vendor, { seed: 7, files });
  let before = 0;
  const facts = (kind: string) =>
    vendor
      .facts()
      .slice(before)
      .filter((fact) => fact.kind === kind);
  const world: TellWorld = {
    ...{ database, vendor, simulator, sha: '', serial: 0, target: undefined as never },
    wire: (_, send) => send(),
    async begin(files = { [`.github/workflows/${WORKFLOW}`]: PLAIN, '.github/workflows/smoke.yml': null }) {
      vendor.set({ down: false, rateLimited: false });
      world.wire = (_, send) => send();
      world.sha = await simulator.push({ branch: 'main', files });
      before = vendor.facts().length;
      const connection = await makeConnection(db, { providerId: 'github' });
      const environment = await makeEnvironment(db, { slug: `staging${++world.serial}` });
      const component = await makeComponent(db, { slug: `backend${world.serial}` });
      const config = { repository: REPOSITORY, workflow: WORKFLOW, defaultRef: 'main' };
      world.target = await makeTarget(db, { connection, component, environment, config });
      await db.update(announcements).set({ state: 'done', nextTryAt: null, said: null, marked: null });
    },
    worker: (as = 'sandbox-token') => workerOf(world, as),
    admin: (role = 'admin') => testContext(db, { actor: personActor([{ role, environmentPattern: '*' }]) }),
    deployed: (status, more = {}) => makeDeployment(db, world.target, status, { sha: world.sha, ...more }),
    becomes: (id, status) => becomes(world, id, status),
    async rowOf(id) {
      const [row] = await db.select().from(announcements).where(eq(announcements.deploymentId, id));
      if (!row) throw new Error('Nothing is to be told.');
      return row;
    },
    due: () => db.update(announcements).set({ nextTryAt: sql`now()` }).where(sql`next_try_at is not null`),
    facts,
    records: () => facts('deployment.created'),
    statesSaid: () => facts('deployment.said').map(({ data }) => data.state),
    marks: () => facts('commit.status').map(({ data }) => data.state),
    checks: () => vendor.facts().slice(before).flatMap(checkIn),
  };
  return world;
}

function checkIn({ kind, data }: { kind: string; data: Record<string, unknown> }): string[] {
  if (kind !== 'check.created' && kind !== 'check.changed') return [];
  return [`${data.externalId} ${kind === 'check.created' ? 'new' : 'now'} ${data.conclusion ?? data.status}`];
}

function workerOf(world: TellWorld, as: string | Credential): ServiceContext {
  const credential: Credential = typeof as === 'string' ? { kind: 'token', token: new Secret(as) } : as;
  return testContext(world.database.db, {
    openConnection: async (connectionId) => ({
      provider: providers.github as AnyProvider,
      context: {
        connectionId,
        origin: 'https://api.github.com',
        credential,
        fetch: (input, init) => {
          const request = new Request(input, init);
          return world.wire(request.clone(), () => world.simulator.handle(request));
        },
        now: () => Date.now(),
      },
    }),
  });
}

async function becomes({ database: { db }, target }: TellWorld, id: string, status: DeploymentStatus): Promise<void> {
  const ended = status === 'succeeded' || status === 'failed' || status === 'cancelled';
  await db
    .update(deployments)
    .set({ status, version: sql`${deployments.version} + 1`, nextCheckAt: null, finishedAt: ended ? sql`now()` : null })
    .where(eq(deployments.id, id));
  if (status === 'succeeded')
    await db.update(targets).set({ currentDeploymentId: id }).where(eq(targets.id, target.id));
}
