import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ServiceContext } from '@/lib/auth/context';
import { setWebhookSecret } from '@/lib/connections/server';
import { parseServerEnv } from '@/lib/env/server';
import { composeRuntime, type Runtime } from '@/lib/runtime';
import type { Crew } from './crew';
import { buildEstate, type Estate } from './estate';
import { person } from './person';
import { type PostOffice, postOffice } from './post-office';
import { gateCertificate, type ProviderGate, providerGate } from './provider-gate';
import { type Random, seeded } from './random';
import { type Faults, openVendors, TOKEN, type TrueRun, type Vendor, type Vendors } from './vendors';
import { startWorker, type Worker, type WorkerOptions } from './worker-process';

export interface WorldOptions {
  targets: number;
  /** Targets at other providers, by their ids. */
  hosts?: Record<string, number>;
  /** How long an accepted run may stay unlisted. Seconds. */
  settleSeconds?: number;
  /** What its random moments come from. */
  seed?: number;
  /** Multiplies the length of a simulated run; 0.02 is about a second. */
  pace?: number;
  /** Keeps what the provider would deliver, so that an experiment can deliver it as badly as it likes. */
  deliveries?: boolean;
  /** Puts a counter and a switch between the engine and the provider; `tls` = workers reach it over TLS. */
  gate?: boolean | 'tls';
}

/** A database, providers (which are never killed: they are the truth) and the means to start and end workers. */
export interface World {
  env: Record<string, string>;
  database: string;
  settleSeconds: number;
  runtime: Runtime;
  /** Two administrators; the harness itself is one more instance of the product. */
  people: [ServiceContext, ServiceContext];
  estate: Estate;
  random: Random;
  /** Throws unless it was asked for. */
  gate(): ProviderGate;
  /** Throws unless they were asked for. */
  post(): PostOffice;
  scenario(change: Faults): Promise<void>;
  truth(): Promise<TrueRun[]>;
  deeds: Vendor['deeds'];
  live: Vendor['live'];
  /** Commits files to the branch that is deployed, and has it built where providers do not build; the new commit. */
  push(files: Record<string, string>): Promise<string>;
  startWorker(options?: WorkerOptions): Promise<Worker>;
  /** A context on another database of the same server. */
  runtimeOn(url: string): Promise<Runtime>;
  close(): Promise<void>;
}

interface Built extends WorldOptions {
  crew: Crew;
  database: string;
  url: string;
  seed: number;
  /** For files of its own. */
  folder: string;
}

const SANDBOX = ['--import', 'tsx', 'lib/sandbox/server.ts', '--port', '0', '--memory', '--quota', '10000000'];

export async function openWorld(options: Built): Promise<World> {
  const { crew, settleSeconds = 6, pace = 0.02 } = options;
  const secret = randomBytes(24).toString('hex');
  const post = options.deliveries ? await postOffice() : null;
  const hook = post ? ['--webhook-url', post.url, '--webhook-secret', secret] : [];
  const args = [...SANDBOX, '--pace', String(pace), '--seed', String(options.seed), ...hook];
  const sandbox = await crew.start('sandbox', args, {}, /^listening (\d+)/);
  const sandboxUrl = `http://127.0.0.1:${sandbox.line[1]}`;
  const tls = options.gate === 'tls' ? gateCertificate() : null;
  const gate = options.gate ? await providerGate(sandboxUrl, tls ? { tls, stops: TOKEN } : {}) : null;
  const base = environment(options, gate?.url ?? sandboxUrl, settleSeconds);
  // The vault's keys are read from here, once; all worlds of a run share them.
  Object.assign(process.env, base);
  const env = { ...base, ...trust(tls) };
  // The harness itself trusts nothing new, so it goes around a gate that speaks TLS.
  const own = tls ? { ...env, AETHERSTACK_SANDBOX_URL: sandboxUrl } : env;
  const runtime = await composeRuntime(parseServerEnv(own));
  const people: World['people'] = [runtime.contextFor(person('ana')), runtime.contextFor(person('bo'))];
  const vendors = await openVendors(sandboxUrl, options.folder, options);
  const estate = await buildEstate(runtime, people[0], vendors);
  if (post) await setWebhookSecret(people[0], { id: estate.connectionId, secret });
  const workers = new Set<Worker>();
  return {
    env,
    database: options.database,
    settleSeconds,
    runtime,
    people,
    estate,
    random: seeded(options.seed),
    gate: () => asked(gate),
    post: () => asked(post),
    ...{ scenario: vendors.scenario, truth: vendors.truth, deeds: vendors.deeds, live: vendors.live },
    push: (files) => push(sandboxUrl, files, vendors),
    startWorker: async (more = {}) => {
      const worker = await startWorker(crew, env, more);
      workers.add(worker);
      return worker;
    },
    runtimeOn: (url) => composeRuntime(parseServerEnv({ ...own, DATABASE_URL: url })),
    close: async () => {
      await Promise.all([...workers].map((worker) => worker.kill()));
      await runtime.close().catch(() => {});
      sandbox.child.kill('SIGKILL');
      await Promise.all([gate?.close(), post?.close(), vendors.close()]);
      if (env.NODE_EXTRA_CA_CERTS) rmSync(path.dirname(env.NODE_EXTRA_CA_CERTS), { recursive: true, force: true });
    },
  };
}

/** Makes workers trust the gate; a file, for that is how a process is told. */
function trust(tls: { cert: string } | null): Record<string, string> {
  if (!tls) return {};
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'aetherstack-trust-')), 'gate.pem');
  writeFileSync(file, tls.cert);
  return { NODE_EXTRA_CA_CERTS: file };
}

function asked<T>(part: T | null): T {
  if (part === null) throw new Error('This world was opened without it.');
  return part;
}

async function push(
  sandboxUrl: string,
  files: Record<string, string>,
  { upload }: Pick<Vendors, 'upload'>,
): Promise<string> {
  const body = JSON.stringify({ branch: 'main', message: 'Chaos', files });
  const answer = await fetch(`${sandboxUrl}/__sandbox/push`, { method: 'POST', body });
  const { sha } = (await answer.json()) as { sha?: string };
  if (!sha) throw new Error(`The sandbox refused the push (${answer.status}).`);
  await upload(sha);
  return sha;
}

// One pair for all worlds of a run: the harness itself parses its environment once.
const SECRETS = {
  NEXTAUTH_SECRET: randomBytes(36).toString('base64'),
  AETHERSTACK_KEK: randomBytes(32).toString('base64'),
};

function environment(
  { url, folder }: Pick<Built, 'url' | 'folder'>,
  sandboxUrl: string,
  settleSeconds: number,
): Record<string, string> {
  return {
    DATABASE_URL: url,
    // Packages lie below it.
    AETHERSTACK_DATA: folder,
    NEXTAUTH_URL: 'http://127.0.0.1:1',
    ...SECRETS,
    AETHERSTACK_MODE: 'sandbox',
    AETHERSTACK_SANDBOX_URL: sandboxUrl,
    AETHERSTACK_SETTLE_SECONDS: String(settleSeconds),
  };
}
