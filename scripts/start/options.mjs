import os from 'node:os';
import path from 'node:path';

/**
 * @typedef {{ mode: 'sandbox' | 'live', dev: boolean, port: number, host: string, localUrl: string, url: string,
 *   dataDir: string, distDir: string, scenario: string, databaseUrl?: string, root: string }} StartOptions
 */

/**
 * What the person asked for, from arguments and environment.
 * @returns {StartOptions}
 * @throws {Error} with a sentence about the option that cannot be read
 */
export function readOptions(argv, env, root) {
  const flags = new Set(argv);
  for (const flag of flags) {
    if (!['--live', '--sandbox', '--dev'].includes(flag)) {
      throw new Error(`"${flag}" is not an option. There are --live, --sandbox and --dev: npm start -- --live`);
    }
  }
  const mode = flags.has('--live') ? 'live' : flags.has('--sandbox') ? 'sandbox' : env.AETHERSTACK_MODE || 'sandbox';
  if (mode !== 'sandbox' && mode !== 'live') {
    throw new Error(`AETHERSTACK_MODE is "${mode}"; it is either "sandbox" (simulated providers) or "live".`);
  }
  const dev = flags.has('--dev');
  const port = readPort(env.PORT);
  const host = readHost(env.HOSTNAME);
  const localUrl = `http://${reachable(host)}:${port}`;
  const base = path.resolve(root, env.AETHERSTACK_DATA || '.aetherstack');
  return {
    root,
    mode,
    dev,
    port,
    host,
    localUrl,
    url: (env.NEXTAUTH_URL || localUrl).replace(/\/+$/, ''),
    dataDir: path.join(base, mode),
    distDir: env.AETHERSTACK_DIST_DIR || (dev ? '.next-dev' : '.next-full'),
    scenario: env.AETHERSTACK_SANDBOX_SCENARIO || 'happy',
    // Requests an hour that the simulated provider allows; its own default is the vendor's.
    sandboxQuota: env.AETHERSTACK_SANDBOX_QUOTA || null,
    databaseUrl: readDatabaseUrl(env.DATABASE_URL),
  };
}

function readPort(text) {
  if (!text) {
    return 3000;
  }
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT is "${text}"; it is a number from 1 to 65535, for example: PORT=3001 npm start`);
  }
  return port;
}

// Shells and containers export the machine's own name as HOSTNAME; nobody asked to listen on that.
function readHost(text) {
  return !text || text === os.hostname() ? '127.0.0.1' : text;
}

function reachable(host) {
  if (host === '0.0.0.0' || host === '::') {
    return '127.0.0.1';
  }
  return host.includes(':') ? `[${host}]` : host;
}

function readDatabaseUrl(text) {
  if (!text) {
    return undefined;
  }
  if (!/^postgres(ql)?:\/\//.test(text)) {
    throw new Error('DATABASE_URL must begin with postgres:// – or leave it out to use the embedded Postgres.');
  }
  return text;
}
