#!/usr/bin/env node
// The agent of a server of one's own: no package, Node 20 or newer. `serve` runs it, `init` makes its files.
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createAgent } from './agent.mjs';
import { requestListener } from './api.mjs';
import { followPair, readPair } from './certificates.mjs';
import { DEFAULTS, readConfig, requireSafeListener } from './config.mjs';
import { makeFolder } from './durable.mjs';
import { onlyOne } from './lease.mjs';
import { openapi, VERSION } from './openapi.mjs';
import { digestOf, newToken } from './tokens.mjs';
import { agentUnit, pm2File, releaseUnit } from './units.mjs';

const PROGRAM = import.meta.filename ?? new URL(import.meta.url).pathname;
const HELP = `aetherstack-agent ${VERSION}

  init  --root <folder> --app <name> [--front-port 3000] [--port 7070] [--address dashboard.example.com]
                            makes the folder, agent.json and three tokens, which are shown once
  serve --config <file>     runs the agent
  token --role read|upload|deploy --name <who>
                            makes a token and prints the entry for "tokens"
  unit  --config <file> [--pm2] [--app <name>]
                            prints the systemd unit (or the pm2 file) of the agent, or the unit of an app's releases
  openapi                   prints the contract of its HTTP
`;

const OPTIONS = {
  ...{ config: { type: 'string' }, root: { type: 'string' }, app: { type: 'string' }, address: { type: 'string' } },
  ...{ port: { type: 'string', default: '7070' }, 'front-port': { type: 'string', default: '3000' } },
  ...{
    role: { type: 'string', default: 'deploy' },
    name: { type: 'string', default: 'console' },
    pm2: { type: 'boolean', default: false },
  },
};

const need = (value, name) => {
  if (value) return value;
  throw new Error(`Say --${name}. See: aetherstack-agent help`);
};

/** For tests: as a power cut would, at one place of a deployment. */
const dieAt = (place) => async (step) => {
  if (step === place) process.kill(process.pid, 'SIGKILL');
};

/** Serves until it is told to end. Releases and fronts stay. */
export async function serve(config) {
  requireSafeListener(config.listen);
  const lock = await onlyOne(config.root);
  const failpoint = process.env.AETHERSTACK_AGENT_FAILPOINT;
  const agent = createAgent(config, failpoint ? { gate: dieAt(failpoint) } : {});
  const { host, port, tls } = config.listen;
  const listener = requestListener(agent, config);
  const limits = { requestTimeout: 15 * 60_000, headersTimeout: 15_000, maxHeaderSize: 16_384 };
  const secure = { ...limits, minVersion: 'TLSv1.2' };
  const server = tls
    ? https.createServer({ ...secure, ...readPair(tls) }, listener)
    : http.createServer(limits, listener);
  if (tls) server.once('close', followPair(server, tls, { minVersion: 'TLSv1.2' }));
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  await agent.open();
  process.stdout.write(`listening ${server.address().port}\n`);
  return {
    port: server.address().port,
    async close() {
      await agent.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      lock.close();
    },
  };
}

function portOf(values, name) {
  if (/^[1-9]\d{0,4}$/.test(values[name]) && Number(values[name]) <= 65_535) return Number(values[name]);
  throw new Error(`--${name} is a number from 1 to 65535. Nothing was made.`);
}

function entry(name, role) {
  const token = newToken();
  return { token, entry: { name, role, sha256: digestOf(token) } };
}

function init(values) {
  const root = path.resolve(need(values.root, 'root'));
  const app = need(values.app, 'app');
  const file = path.join(root, 'agent.json');
  if (existsSync(file)) throw new Error(`${file} is there already; nothing was changed.`);
  const [port, frontPort] = [portOf(values, 'port'), portOf(values, 'front-port')];
  // Its unit begins in this folder.
  makeFolder(path.join(root, 'data'));
  const made = [entry('console', 'deploy'), entry('pipeline', 'upload'), entry('look', 'read')];
  const config = {
    root: path.join(root, 'data'),
    listen: { host: '127.0.0.1', port },
    tokens: made.map((each) => each.entry),
    artifactHosts: {},
    apps: {
      [app]: {
        front: { host: '127.0.0.1', port: frontPort },
        health: DEFAULTS.health,
        addresses: values.address ? [values.address] : [],
      },
    },
  };
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  chmodSync(root, 0o750);
  const lines = made.map(({ token, entry: { name, role } }) => `  ${name.padEnd(9)} (${role}): ${token}`);
  return `Wrote ${file}.\nTokens, shown this once (the file holds their SHA-256 only):\n${lines.join('\n')}\nNext: node ${PROGRAM} serve --config ${file}\n`;
}

function unit(values) {
  const configFile = path.resolve(need(values.config, 'config'));
  const config = readConfig(configFile);
  const about = { node: config.node, program: PROGRAM, configFile, root: config.root };
  if (values.pm2) return pm2File(about);
  if (!values.app) return agentUnit(about);
  const app = config.apps.get(values.app);
  if (!app) throw new Error(`${configFile} has no app ${values.app}.`);
  return releaseUnit({ ...about, app: app.name, home: path.join(config.root, 'apps', app.name), graceMs: app.graceMs });
}

export async function main(argv) {
  const [command = 'help', ...rest] = argv;
  const { values } = parseArgs({ args: rest, options: OPTIONS });
  if (command === 'serve') {
    const served = await serve(readConfig(need(values.config, 'config')));
    for (const signal of ['SIGTERM', 'SIGINT'])
      process.on(signal, () => void served.close().finally(() => process.exit(0)));
    return;
  }
  const print = {
    init: () => init(values),
    unit: () => unit(values),
    openapi: () => `${JSON.stringify(openapi, null, 2)}\n`,
    token: () => {
      const made = entry(values.name, values.role);
      return `${made.token}\nFor "tokens": ${JSON.stringify(made.entry)}\n`;
    },
  };
  process.stdout.write(Object.hasOwn(print, command) ? print[command]() : HELP);
}

if (process.argv[1] && path.resolve(process.argv[1]) === PROGRAM) {
  main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
}
