// The agent's configuration file: JSON, read once, checked whole before anything listens.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FRONT_LIMITS } from './front.mjs';

const APP = /^[a-z][a-z0-9-]{0,39}$/;
const HOST = /^(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const ROLES = ['read', 'upload', 'deploy'];
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

export const DEFAULTS = {
  keep: 5,
  warm: 1,
  drainMs: 10_000,
  graceMs: 10_000,
  entry: 'server.js',
  health: { path: '/', tries: 30, everyMs: 1_000, timeoutMs: 5_000 },
};
export const LIMITS = {
  ...{ artifactBytes: 512 * 1_048_576, unpackedBytes: 2_048 * 1_048_576, files: 60_000 },
  /** What an upload leaves free on the disk. */
  freeBytes: 256 * 1_048_576,
};

/** Throws an Error whose message names the field and says what belongs there. */
export function readConfig(file) {
  let value;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON: ${error.message}`);
  }
  return checkConfig(value, path.dirname(path.resolve(file)));
}

export function checkConfig(value, home = '/') {
  const at = (name, where = 'the configuration') => {
    throw new Error(`${where}: ${name}`);
  };
  if (typeof value?.root !== 'string') at('"root" is the folder that the agent keeps everything in');
  const tokens = tokensOf(value.tokens ?? [], at);
  const apps = Object.entries(value.apps ?? {}).map(([name, app]) => appOf(name, app, at));
  if (apps.length === 0) at('"apps" names at least one app');
  const hosts = Object.entries(value.artifactHosts ?? {}).map(([host, more]) => hostOf(host, more, home, at));
  return {
    root: path.resolve(home, value.root),
    listen: listenOf(value.listen ?? {}, home, '"listen"', at),
    tokens,
    apps: new Map(apps.map((app) => [app.name, app])),
    artifactHosts: new Map(hosts),
    /** Plain http to this machine, for tests only. */
    loopbackArtifacts: value.loopbackArtifacts === true,
    /** Whether the agent asks its apps' addresses, each minute, if they lead to it. */
    askAddresses: value.askAddresses !== false,
    supervise: oneOf(value.supervise ?? 'agent', ['agent', 'systemd'], '"supervise"', at),
    node: typeof value.node === 'string' ? value.node : process.execPath,
    limits: { ...LIMITS, ...value.limits },
  };
}

function tokensOf(tokens, at) {
  if (!Array.isArray(tokens) || tokens.length === 0) at('"tokens" lists who may ask: name, role, sha256');
  for (const { name, role, sha256 } of tokens) {
    if (typeof name !== 'string' || !/^[\w .-]{1,60}$/.test(name)) at('a token has a "name"');
    oneOf(role, ROLES, `the role of token ${name}`, at);
    if (!/^[0-9a-f]{64}$/.test(sha256 ?? ''))
      at(`token ${name}: "sha256" is the SHA-256 of the token, never the token`);
  }
  return tokens;
}

function listenOf(listen, home, what, at) {
  const { host = '127.0.0.1', port, tls, limits } = listen;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) at(`${what}: "port" is a number up to 65535`);
  const files = tls && { cert: path.resolve(home, String(tls.cert)), key: path.resolve(home, String(tls.key)) };
  return { host, port, tls: files ?? null, ...(limits ? { limits: frontLimits(limits, what, at) } : {}) };
}

function frontLimits(limits, what, at) {
  for (const [name, value] of Object.entries(limits)) {
    oneOf(name, Object.keys(FRONT_LIMITS), `a limit of ${what}`, at);
    if (!Number.isInteger(value) || value < 1) at(`${what}: the limit "${name}" is a whole number`);
  }
  return limits;
}

/** A bearer token over plain http would be anybody's on the way. */
export function requireSafeListener({ host, tls }) {
  if (tls || LOOPBACK.includes(host)) return;
  throw new Error(
    `"listen": plain http is for ${LOOPBACK.join(', ')} only. Give "tls" a certificate and a key, or put a proxy with TLS in front.`,
  );
}

function appOf(name, app, at) {
  if (!APP.test(name)) at(`the app "${name}" needs a name of small letters, digits and hyphens`);
  const front = app?.front && listenOf(app.front, '/', `the front of ${name}`, at);
  if (!front) at(`the app ${name} needs "front": { "host", "port" }, where visitors reach it`);
  const entry = app.entry ?? DEFAULTS.entry;
  if (path.isAbsolute(entry) || entry.split(/[\\/]/).includes('..')) at(`the entry of ${name} lies inside its build`);
  const health = { ...DEFAULTS.health, ...app.health };
  if (!/^\/[\x21-\x7e]*$/.test(health.path)) at(`the health path of ${name} begins with /`);
  const whole = (key) => {
    const number = app[key] ?? DEFAULTS[key];
    if (!Number.isInteger(number) || number < 0) at(`${key} of ${name} is a whole number`);
    return number;
  };
  return {
    ...{ name, front, entry, health, basePath: app.basePath ?? '', addresses: app.addresses ?? [] },
    ...{ keep: Math.max(2, whole('keep')), warm: whole('warm') },
    ...{ drainMs: whole('drainMs'), graceMs: whole('graceMs') },
  };
}

function hostOf(host, more, home, at) {
  if (!HOST.test(host)) at(`"artifactHosts": ${host} is no host name`);
  const file = more?.headerFile;
  return [host, { headerFile: typeof file === 'string' ? path.resolve(home, file) : null }];
}

function oneOf(value, allowed, what, at) {
  if (!allowed.includes(value)) at(`${what} is one of ${allowed.join(', ')}`);
  return value;
}
