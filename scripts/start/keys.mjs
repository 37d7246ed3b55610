import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const MAKE = {
  NEXTAUTH_SECRET: () => randomBytes(32).toString('base64'),
  // Key-encryption key of stored credentials: 32 bytes, base64. Without it they cannot be opened again.
  AETHERSTACK_KEK: () => randomBytes(32).toString('base64'),
  AETHERSTACK_SETUP_TOKEN: () => randomBytes(24).toString('base64url'),
  // What the simulated providers sign their webhooks with.
  AETHERSTACK_SANDBOX_WEBHOOK_SECRET: () => randomBytes(24).toString('base64url'),
};

/** The secrets of one data folder, made on its first start; a value in the environment goes before. */
export function readKeys(dataDir, env) {
  const file = path.join(dataDir, 'keys.json');
  const kept = existsSync(file) ? parse(file) : {};
  const missing = Object.keys(MAKE).filter((name) => !kept[name]);
  if (missing.length > 0) {
    for (const name of missing) {
      kept[name] = MAKE[name]();
    }
    writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  return Object.fromEntries(Object.keys(MAKE).map((name) => [name, env[name] || kept[name]]));
}

/** One key per checkout: a server action's reference is sealed at build time and opened when it runs. */
export function readActionsKey(root, env) {
  if (env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY) {
    return env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY;
  }
  const file = path.join(root, '.cache', 'server-actions.key');
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    const aside = `${file}.${process.pid}`;
    writeFileSync(aside, randomBytes(32).toString('base64'), { mode: 0o600 });
    try {
      linkSync(aside, file);
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw error;
      }
    } finally {
      rmSync(aside, { force: true });
    }
  }
  return readFileSync(file, 'utf8').trim();
}

function parse(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(
      `${file} cannot be read as JSON. It holds the keys of the stored credentials: restore it from a backup, ` +
        'or remove the whole data folder to begin with an empty console.',
    );
  }
}
