import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from '../bootstrap/lock.mjs';
import { npmReason, runNpm } from '../bootstrap/node.mjs';
import { patiently } from '../bootstrap/patience.mjs';

const FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** Name, version, and folders of it whose own dependencies npm leaves out. */
const CLIENTS = [
  ['ovsx', '1.3.0', []],
  ['code-server', '4.139.1', ['lib/vscode']],
  ['@20minutes/s3rver', '5.0.0', []],
];

/**
 * Brings the clients, and the server that speaks S3, into .cache/clients, once; about 900 MB.
 * @param {{ root: string, say: (line: string) => void }} options
 * @returns {Promise<{ codeServer: string, ovsx: string, vsce: string, s3: string }>} the scripts to run with Node, and the
 *   folder of the S3 server
 * @throws {Error} with a sentence, where one cannot be had: a gallery that no editor has tried is not tested
 */
export async function ensureClients({ root, say }) {
  const folder = path.join(root, '.cache', 'clients');
  mkdirSync(folder, { recursive: true });
  return withLock(path.join(folder, 'install.lock'), async () => {
    const homes = [];
    for (const [name, version, inner] of CLIENTS) {
      homes.push(await ensureClient({ root, folder, name, version, inner, say }));
    }
    const [ovsx, codeServer, s3] = homes;
    return {
      ovsx: path.join(ovsx, 'bin', 'ovsx'),
      codeServer: path.join(codeServer, 'out', 'node', 'entry.js'),
      s3,
      vsce: path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce'),
    };
  });
}

async function ensureClient({ root, folder, name, version, inner, say }) {
  const prefix = path.join(folder, `${path.basename(name)}-${version}`);
  const home = path.join(prefix, 'node_modules', name);
  const ready = path.join(prefix, '.ready');
  if (existsSync(ready)) {
    return home;
  }
  say(`Bringing ${name} ${version} into .cache/clients …`);
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  // A package.json of its own keeps npm from climbing up into the project's.
  writeFileSync(path.join(prefix, 'package.json'), '{"private":true}');
  await npm(['install', '--no-save', ...FLAGS, `${name}@${version}`], prefix);
  for (const each of inner) {
    await npm(['install', '--omit=dev', ...FLAGS], path.join(home, each));
  }
  writeFileSync(ready, '');
  return home;

  async function npm(args, cwd) {
    const result = await patiently(say, `installing ${name}`, runNpm(args, { cwd, root }));
    if (result.status !== 0) {
      throw new Error(
        `${name} ${version} could not be installed: ${npmReason(result)}\n` +
          'Check that the npm registry can be reached and has it, and that the disk has 2 GB free, then run the command again.',
      );
    }
  }
}
