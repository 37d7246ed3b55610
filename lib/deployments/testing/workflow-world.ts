import { Readable } from 'node:stream';
import { eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { connections, deployments, targets, users } from '@/lib/db/schema';
import { accept } from '@/lib/extensions/server';
import { memoryBlobs } from '@/lib/extensions/testing/memory-blobs';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type MemoryWorld, memoryWorld } from '@/lib/providers/conformance/harness';
import { comesTo, leadsTo } from '@/lib/providers/github/leads-to';
import { formFrom } from '@/lib/providers/github/workflow-form';
import type { AnyProvider, FormField, StepStatus } from '@/lib/providers/port';
import { provider as marketplace } from '@/lib/providers/vs-marketplace/adapter';
import { WORKFLOW_ONLY } from '@/lib/providers/vs-marketplace/manifest';
import { createMarketplaceSimulator, type MarketplaceOptions } from '@/lib/providers/vs-marketplace/simulator';
import { advance } from '../server/advance';
import { publishPackage } from '../server/publish-package';
import { type EngineWorld, engineWorld } from './engine-world';

type Context = OpenConnection['context'];

/** The commit of which packages are made, unless a test says another. */
export const PACKAGE_SHA = 'c'.repeat(40);

/** The connection of the CI whose workflow publishes. */
export const CI = 'con_ci';

/** A target whose extension a workflow of the scripted CI hands to a simulated Marketplace. */
export interface WorkflowWorld {
  engine: EngineWorld;
  /** The clock of the Marketplace, and what goes wrong there. */
  there: MemoryWorld;
  /** Inputs of the workflow. */
  fields: string[];
  /** Which of them take one of these only. */
  choices: Record<string, string[]>;
  /** The whole file of the workflow, in GitHub's words, in the place of `fields`. */
  file: string | null;
  /** Environments of its repository. */
  offers: string[];
  /** How far the publish step of the runs came, or each of several that name no gallery. */
  publishStep: StepStatus | StepStatus[];
  /** What happens at the CI before its next start, on the way there. */
  onTheWay: ((c: Context) => Promise<void>) | null;
  /** So many of the next requests to the gallery are cut off. */
  cuts: number;
  /** What happens while the connection of the CI is opened the next time. */
  whileOpening: (() => Promise<void>) | null;
  through(ctx: ServiceContext): ServiceContext;
  /** The same, as where the gallery's own connection has a token that works. */
  withToken(ctx: ServiceContext): ServiceContext;
  packaged(
    version: string,
    sha?: string,
    platform?: string,
  ): Promise<{ packageId: string; bytes: Uint8Array<ArrayBuffer> }>;
  click(packageId: string, target?: 'staging' | 'production'): ReturnType<typeof publishPackage>;
  look(deploymentId: string): ReturnType<EngineWorld['row']>;
  /** What the workflow does with its own identity; `validated`: the Marketplace has let it through as well. */
  workflowPublishes(version: string, bytes: Uint8Array<ArrayBuffer>, validated?: boolean): Promise<void>;
  /** As each test finds it. */
  begin(): void;
  /** Whatever is on its way frees its target for the next test. */
  endAll(): Promise<void>;
}

const basic = (username: string, password: string) =>
  ({ kind: 'basic', username, password: new Secret(password), tokenOrigin: null }) as const;

/** `readPackage`: how the simulated Marketplace reads what it is sent. */
export async function workflowWorld(readPackage: MarketplaceOptions['readPackage']): Promise<WorkflowWorld> {
  const engine = await engineWorld();
  await seed(engine);
  const there = memoryWorld();
  const blobs = memoryBlobs();
  let clicks = 0;
  const world: WorkflowWorld = {
    ...{ engine, there, fields: [], choices: {}, publishStep: 'skipped', onTheWay: null, cuts: 0, whileOpening: null },
    ...{ file: null, offers: [] },
    through: (ctx) => ({ ...ctx, blobs, openConnection: (id) => open(id) }),
    withToken: (ctx) => ({
      ...world.through(ctx),
      openConnection: async (id) => {
        const opened = await open(id);
        const credential = basic('acme', 'sandbox-token');
        return id === CI ? opened : { ...opened, context: { ...opened.context, credential } };
      },
    }),
    packaged: async (version, sha = PACKAGE_SHA, platform) => {
      const bytes = sampleVsix({ version, ...(platform ? { platform } : {}) });
      const source = { kind: 'upload', ...(sha ? { sha } : {}) } as const;
      const { packageId } = await accept(world.through(engine.as('admin')), Readable.from([bytes]), source);
      return { packageId, bytes: new Uint8Array(bytes) };
    },
    click: (packageId, target = 'staging') =>
      publishPackage(world.through(engine.as('operator')), {
        ...{ packageId, targetId: `tgt_${target}`, reason: '', ticked: [], freezeOverrideReason: null },
        idempotencyKey: `by-run-${++clicks}-abcdef`,
      }),
    look: async (id) => {
      await advance(world.through(engine.engine), id);
      return engine.row(id);
    },
    workflowPublishes: async (version, bytes, validated = true) => {
      const name = { publisher: 'acme', name: 'demo', version, targetPlatform: 'universal' };
      const credential = basic('acme', 'sandbox-token');
      const wanted = { ...name, sha256: '', prerelease: false, requestedBy: null, bytes };
      await marketplace.methods.publish.send({ ...market, credential }, {}, wanted);
      if (validated) there.advance(600_000);
    },
    begin: () => {
      world.fields = ['sha256', 'version', 'channel'];
      world.choices = {};
      world.file = null;
      world.publishStep = 'skipped';
      engine.vendor.requests = 0;
      engine.vendor.cancels = 0;
      engine.vendor.runs = [];
    },
    endAll: () => endAll(engine),
  };
  const market = marketContext(world, readPackage);
  const open = async (id: string): Promise<OpenConnection> => {
    if (id !== CI) return { provider: marketplace, context: market };
    const [meanwhile] = [world.whileOpening];
    world.whileOpening = null;
    await meanwhile?.();
    return { provider: scriptedCi(world), context: market };
  };
  return world;
}

const fixedIn = ({ inputs }: Record<string, unknown>): string[] => Object.keys((inputs ?? {}) as object);

/** The team's CI: a workflow that takes these inputs. */
function scriptedCi(world: WorkflowWorld): AnyProvider {
  const { provider } = world.engine.vendor;
  const { workflows, deploy, status } = provider.methods;
  if (!workflows || !deploy || !status)
    throw new Error('The scripted provider has a form, starts runs and tells of them.');
  const declared = (name: string): FormField => {
    const options = world.choices[name] ?? [];
    const type = options.length > 0 ? 'choice' : 'string';
    return { name, type, description: '', required: false, default: '', options };
  };
  const form: typeof workflows.form = async (c, config, ref) => {
    const read = await workflows.form(c, config, ref);
    if (world.file) return formFrom(world.file, { ...read.source, path: 'publish.yml' }, world.offers, fixedIn(config));
    return { ...read, fields: world.fields.map(declared) };
  };
  const trigger: typeof deploy.trigger = async (c, config, request) => {
    const [meanwhile] = [world.onTheWay];
    world.onTheWay = null;
    await meanwhile?.(c);
    return deploy.trigger(c, config, request);
  };
  const observe: typeof status.observe = async (c, config, ref) => {
    const seen = await status.observe(c, config, ref);
    const came = [world.publishStep].flat();
    const publishing = seen.steps.slice(0, 1).flatMap((job) =>
      came.map((is, at) => ({
        ...{ ...job, key: `${job.jobId}:${at + 1}`, number: at + 1 },
        ...{ name: 'Publish', status: seen.phase === 'done' ? ('succeeded' as const) : is },
      })),
    );
    return { ...seen, steps: [...seen.steps, ...publishing] };
  };
  const methods = {
    ...{ ...provider.methods, status: { observe }, deploy: { ...deploy, trigger } },
    workflows: { list: async () => [], form, leadsTo, comesTo },
    logs: { read: async (_, { workflow }, jobId) => ({ text: `${workflow}, job ${jobId}`, cursor: null }) },
  } satisfies AnyProvider['methods'];
  return { ...provider, methods };
}

/** What the console itself has there: no token. */
function marketContext(world: WorkflowWorld, readPackage: MarketplaceOptions['readPackage']): Context {
  const simulator = createMarketplaceSimulator(world.there, { seed: 7, readPackage });
  const origin = marketplace.manifest.defaultOrigin;
  const now = () => world.there.now();
  const fetch = guardedFetch({
    ...{ connectionId: 'con_1', origin, memory: createHttpMemory(), now, downloadHosts: ['*'], timeoutMs: 2_000 },
    writesPerMinute: Number.POSITIVE_INFINITY,
    fetch: breaking((input, init) => {
      if (world.cuts > 0) {
        world.cuts -= 1;
        throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      }
      return simulator.handle(new Request(input, init));
    }),
  });
  return { connectionId: 'con_1', origin, credential: basic(WORKFLOW_ONLY, '-'), fetch, now };
}

async function seed({ database: { db } }: EngineWorld): Promise<void> {
  await db.insert(users).values({ id: 'user_admin', login: 'admin', name: 'admin' });
  await db.update(connections).set({ providerId: 'vs-marketplace' });
  const github = { providerId: 'github', origin: 'https://api.github.com' };
  const credential = { credentialKind: 'token', sealedCredential: 'v1.sealed', state: 'ok' } as const;
  await db.insert(connections).values({ id: CI, name: 'CI', ...github, ...credential });
  const named = { workflow: 'publish.yml', workflowConnection: CI, workflowBranch: 'main' };
  const config = { extension: 'acme.demo', channel: 'stable', repository: 'acme/app', ...named };
  await db.update(targets).set({ config }).where(eq(targets.id, 'tgt_staging'));
}

async function endAll({ database: { db } }: EngineWorld): Promise<void> {
  const over = { status: 'cancelled', finishedAt: new Date(), nextCheckAt: null, deadlineAt: null } as const;
  const ended = { ...over, attention: null, attentionSince: null };
  await db.update(deployments).set(ended).where(isNull(deployments.finishedAt));
  // The CI counts its runs from the beginning in each test.
  const remoteId = sql`'of-' || ${deployments.id}`;
  await db.update(deployments).set({ remoteId }).where(isNotNull(deployments.remoteId));
}
