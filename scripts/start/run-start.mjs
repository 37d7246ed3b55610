import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies } from '../bootstrap/dependencies.mjs';
import { isFree, whoListens } from '../bootstrap/ports.mjs';
import { Stopped } from '../bootstrap/run.mjs';
import { announcement } from './announce.mjs';
import { bringUp } from './bring-up.mjs';
import { ensureBuild, markServed, rememberTsconfig } from './build.mjs';
import { readActionsKey, readKeys } from './keys.mjs';
import { readOptions } from './options.mjs';
import { ownDataFolder } from './owner.mjs';
import { listenForStop } from './stop-request.mjs';
import { createWorld, describeDeath } from './world.mjs';

/** What is run; the launcher's own tests put stand-ins here. */
const PROGRAMS = {
  prepare: async ({ root, distDir, dev }, { actionsKey, say, signal }) => {
    await ensureDependencies({ root, log: say, signal });
    return dev ? undefined : ensureBuild({ root, distDir, actionsKey, log: say, signal });
  },
  app: ({ root, distDir, dev, port, host }) =>
    dev
      ? [path.join(root, 'node_modules/next/dist/bin/next'), 'dev', '--port', String(port), '--hostname', host]
      : [path.join(root, distDir, 'standalone', 'server.js')],
  sandbox: ({ root }) => ['--import', 'tsx', path.join(root, 'lib/sandbox/server.ts')],
};

/**
 * `npm start` from the reading of its options to the end of its last process.
 * @returns {Promise<number>} the exit code: 0 when it was asked to stop, 1 with a sentence when something failed
 */
export async function runStart({ argv, root, programs = PROGRAMS, say = (line) => console.log(line) }) {
  const stop = listenForStop(say);
  const releases = [];
  let world;
  let up;
  try {
    loadEnvFiles(root);
    const options = readOptions(argv, process.env, root);
    prepareDataFolder(options.dataDir);
    prepareCache(root);
    const owner = await ownDataFolder(options.dataDir, { url: options.url, starters: stop.starters, say });
    releases.push(() => owner.release());
    await refuseTakenPort(options);
    const actionsKey = readActionsKey(root, process.env);
    const { signal } = stop;
    await programs.prepare(options, { actionsKey, say, signal });
    releases.push(serve(options));
    const logs = path.join(options.dataDir, 'logs');
    world = createWorld({ logs, say, signal, recordMembers: (members) => owner.update({ members }) });
    signal.addEventListener('abort', () => owner.update({ leaving: true }), { once: true });
    const keys = readKeys(options.dataDir, process.env);
    up = bringUp(options, { world, keys, actionsKey, programs, say, signal });
    const { health, database } = await up;
    say(announcement(options, { health, keys, database }));
    await Promise.race([whenAborted(signal), world.firstDeath.then((death) => Promise.reject(deathError(death)))]);
    say('\nStopping …');
    return 0;
  } catch (error) {
    if (error instanceof Stopped || stop.signal.aborted) {
      say('\nStopping …');
      return 130;
    }
    console.error(`\n${error.message}\n`);
    return 1;
  } finally {
    await up?.catch(() => {});
    await world?.stopAll();
    for (const release of releases.reverse()) {
      release();
    }
    stop.close();
  }
}

function deathError(death) {
  return new Error(`${describeDeath(death)}\nThe rest is being stopped; run the command again.`);
}

function whenAborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function serve({ root, distDir, dev }) {
  if (dev) {
    return rememberTsconfig(root);
  }
  const mark = markServed(root, distDir);
  return () => mark.held && mark.release();
}

function loadEnvFiles(root) {
  for (const name of ['.env.local', '.env']) {
    const file = path.join(root, name);
    if (existsSync(file)) {
      // What is in the environment already goes before the file.
      process.loadEnvFile(file);
    }
  }
}

function prepareCache(root) {
  const cache = path.join(root, '.cache');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch {
    throw new Error(`The folder ${root} belongs to another user. Start from a copy of the project that is your own.`);
  }
}

function prepareDataFolder(dataDir) {
  try {
    const base = path.dirname(dataDir);
    for (const folder of [base, dataDir]) {
      if (!existsSync(folder)) {
        mkdirSync(folder, { recursive: true });
        // Others may pass through (root runs Postgres under another account); the secrets inside are 0600.
        chmodSync(folder, 0o711);
      }
    }
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    throw new Error(
      `The data folder ${dataDir} cannot be written (${error.code}). ` +
        'Start as the user who owns it, or name another one: AETHERSTACK_DATA=/some/folder npm start',
    );
  }
}

async function refuseTakenPort({ port, host }) {
  if (await isFree(port, host)) {
    return;
  }
  const who = whoListens(port);
  throw new Error(
    `Port ${port} of ${host} is taken${who ? ` by ${who}` : ''}. ` +
      `Free it, or take another port: PORT=${port === 65_535 ? port - 1 : port + 1} npm start`,
  );
}
