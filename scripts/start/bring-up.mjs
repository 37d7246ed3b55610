// The order in which one start comes up: database, simulated providers, app.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../bootstrap/ports.mjs';
import { startPostgres } from '../bootstrap/postgres.mjs';
import { identify } from '../bootstrap/process-identity.mjs';
import { describeDatabase } from './announce.mjs';
import { waitUntilReady } from './health.mjs';
import { serverNodeOptions } from './node-options.mjs';
import { aborted, endsEarly } from './world.mjs';

/**
 * @param {import('./options.mjs').StartOptions} options
 * @param {{ world: any, keys: Record<string, string>, actionsKey: string, programs: any, say: (line: string) => void,
 *   signal: AbortSignal }} context
 * @returns {Promise<{ health: any, database: string }>}
 */
export async function bringUp(options, context) {
  const { world, programs, signal } = context;
  const database = await startDatabase(options, context);
  const sandboxUrl = options.mode === 'sandbox' ? await startSandbox(options, context) : undefined;
  const env = appEnvironment(options, context, database.url, sandboxUrl);
  const app = await world.start('app', programs.app(options), { env, cwd: options.root });
  const died = endsEarly(app);
  const ready = waitUntilReady(options.localUrl, app.logFile, signal);
  const health = await Promise.race([ready, died, aborted(signal)]);
  died.catch(() => {});
  return { health, database: database.shown };
}

async function startDatabase({ databaseUrl, dataDir, root }, { world, say }) {
  if (databaseUrl) {
    return { url: databaseUrl, shown: `${describeDatabase(databaseUrl)} (DATABASE_URL)` };
  }
  const postgres = await startPostgres({ dataDir, log: say, root });
  const { pid, logFile, exited, stop } = postgres;
  await world.add({ name: 'postgres', identity: identify(pid), logFile, exited, stop });
  const inside = postgres.home.startsWith(dataDir) ? '' : `, files in ${postgres.home}`;
  return { url: postgres.url, shown: `embedded Postgres on 127.0.0.1:${postgres.port}${inside}` };
}

async function startSandbox(options, { world, programs, keys }) {
  const memory = path.join(options.dataDir, 'ports.json');
  const kept = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
  const port = await freePort(kept.sandbox);
  writeFileSync(memory, JSON.stringify({ ...kept, sandbox: port }));
  const data = path.join(options.dataDir, 'sandbox-world');
  const webhooks = `${options.localUrl}/api/webhooks/github`;
  const args = ['--port', String(port), '--data', data, '--scenario', options.scenario, '--webhook-url', webhooks];
  // In one piece: a secret that begins with a dash would be taken for an option.
  args.push(`--webhook-secret=${keys.AETHERSTACK_SANDBOX_WEBHOOK_SECRET}`);
  if (options.sandboxQuota) {
    args.push('--quota', options.sandboxQuota);
  }
  await world.start('sandbox', [...programs.sandbox(options), ...args], {
    env: process.env,
    cwd: options.root,
    readyLine: /^listening \d+/,
  });
  return `http://127.0.0.1:${port}`;
}

/** What the app is started with; the caller's own words count where both say something that a person may choose. */
export function appEnvironment(options, { keys, actionsKey }, databaseUrl, sandboxUrl) {
  return {
    ...process.env,
    ...keys,
    ...(sandboxUrl && { AETHERSTACK_SANDBOX_URL: sandboxUrl }),
    NODE_OPTIONS: serverNodeOptions(),
    NODE_ENV: options.dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey,
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: options.url,
    AETHERSTACK_MODE: options.mode,
    AETHERSTACK_DATA: options.dataDir,
    AETHERSTACK_AUDIT_ANCHOR: process.env.AETHERSTACK_AUDIT_ANCHOR || `file:${anchorFile(options)}`,
    AETHERSTACK_DIST_DIR: options.distDir,
    AETHERSTACK_MIGRATIONS: path.join(options.root, 'lib', 'db', 'migrations'),
    PORT: String(options.port),
    // A connection that is closed while a client or a load balancer asks over it again costs that request.
    KEEP_ALIVE_TIMEOUT: process.env.KEEP_ALIVE_TIMEOUT || '65000',
    HOSTNAME: options.host,
  };
}

/** Where the audit log's signed heads are kept; one file for each database that this data folder was used with. */
function anchorFile({ dataDir, databaseUrl }) {
  const name = databaseUrl
    ? `-${createHash('sha256').update(describeDatabase(databaseUrl)).digest('hex').slice(0, 8)}`
    : '';
  return path.join(dataDir, `audit-anchor${name}.ndjson`);
}
