// One agent a folder: two would each undo what the other does.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { makeFolder, readJson } from './durable.mjs';

const BEAT_MS = 1_000;
const LOOK_MS = 250;

const another = (root) => new Error(`Another agent works in ${root} already. Stop it first.`);

/**
 * Throws when another agent works there. On one machine an abstract socket tells, which ends with its process; from a
 * container or another machine a file does, whose time is renewed each second and is watched for `watchMs`.
 * @param {string} root
 * @param {{ watchMs?: number, onLost?: () => void }} more
 */
export async function onlyOne(root, { watchMs = 4_000, onLost = () => process.exit(1) } = {}) {
  makeFolder(root);
  const { dev, ino } = statSync(root, { bigint: true });
  const lock = process.platform === 'linux' ? await lockOf(`${dev}:${ino}`, root) : null;
  try {
    const lease = await takeLease(path.join(root, 'agent.lease'), { watchMs, onLost, root });
    return {
      close() {
        lease.end();
        lock?.close();
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

function lockOf(identity, root) {
  const name = createHash('sha256').update(identity).digest('hex').slice(0, 32);
  const lock = createServer();
  return new Promise((resolve, reject) => {
    lock.once('error', (error) => reject(error.code === 'EADDRINUSE' ? another(root) : error));
    lock.listen(`\0aetherstack-agent-${name}`, () => resolve(lock.unref()));
  });
}

function textOf(read) {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** Where abstract sockets are seen: the network of one start of one machine. */
const placeNow = () => ({
  net: textOf(() => readlinkSync('/proc/self/ns/net')),
  boot: textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  machine: textOf(() => readFileSync('/etc/machine-id', 'utf8')),
});

/** A holder in the same network is gone, or its socket would be there; one of a former start of this machine as well. */
function isGone(held, here) {
  if (held.net === here.net && held.boot === here.boot) return true;
  return held.machine !== '' && held.machine === here.machine && held.boot !== here.boot;
}

async function takeLease(file, { watchMs, onLost, root }) {
  const held = readHeld(file);
  const here = placeNow();
  if (held && !isGone(held, here) && (await isRenewed(file, watchMs))) throw another(root);
  const id = randomBytes(16).toString('hex');
  try {
    writeFileSync(file, JSON.stringify({ id, ...here }), { mode: 0o600 });
  } catch (error) {
    // On a full disk the agent is needed more than this.
    if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
    return { end: () => undefined };
  }
  const beat = setInterval(() => {
    const now = readHeld(file);
    if (now && now.id !== id) return onLost();
    const at = new Date();
    textOf(() => utimesSync(file, at, at) ?? '');
  }, BEAT_MS).unref();
  return {
    end() {
      clearInterval(beat);
      if (readHeld(file)?.id === id) rmSync(file, { force: true });
    },
  };
}

function readHeld(file) {
  try {
    return readJson(file);
  } catch {
    return null;
  }
}

/** Two looks at one file, so that no two clocks are compared. */
async function isRenewed(file, watchMs) {
  const timeOf = () => textOf(() => String(statSync(file).mtimeMs));
  const before = timeOf();
  for (let waited = 0; waited < watchMs; waited += LOOK_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    if (timeOf() !== before) return true;
  }
  return false;
}
