import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runToEnd } from '../bootstrap/run.mjs';

/**
 * Path of a program that a test needs; installs its Debian package when it is missing and this is root.
 * Several test files may ask at once: they wait for each other.
 * @throws {Error} with a sentence that says how to install it: what cannot be checked is no pass
 */
export async function ensureTool(name, aptPackage = name) {
  const found = findTool(name);
  if (found) {
    return found;
  }
  let said = 'this is not Debian, or not root';
  if (process.getuid?.() === 0 && findTool('apt-get')) {
    const install = `command -v "$1" || { apt-get update -q && apt-get install -qy --no-install-recommends "$2"; }`;
    const lock = path.join(tmpdir(), 'aetherstack-apt.lock');
    const args = [lock, 'sh', '-c', install, 'install', name, aptPackage];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const result = await runToEnd('flock', args, { env });
    said = `apt-get ended with ${result.status}: ${result.output.trim().split('\n').pop()}`;
  }
  const installed = findTool(name);
  if (!installed) {
    throw new Error(`The tests need “${name}” (${said}). Install it, for example with: apt-get install ${aptPackage}`);
  }
  return installed;
}

function findTool(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/sbin'];
  return folders.map((folder) => path.join(folder, name)).find(executable);
}

function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
