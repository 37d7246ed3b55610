import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface Ran {
  status: number;
  output: string;
}

/** Runs a client's script with Node to its end; `env` is all that it gets beside PATH and a home of its own. */
export function client(
  variable: string,
  args: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<Ran> {
  const script = process.env[variable];
  if (!script) throw new Error(`${variable} is not set: run npm run test:clients.`);
  const own = { PATH: process.env.PATH ?? '', HOME: cwd, TMPDIR: cwd, ...env };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, ...args],
      { cwd, env: own as unknown as NodeJS.ProcessEnv, timeout: 100_000 },
      (error, out, err) => {
        const status = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ status, output: `${out}${err}` });
      },
    );
  });
}

/** Sources of an extension, as somebody would have them; answers the folder. */
export async function writeExtension(root: string, version: string, says = 'hello'): Promise<string> {
  const folder = path.join(root, `sources-${version}-${says}`);
  await mkdir(folder, { recursive: true });
  const manifest = {
    ...{ publisher: 'acme', name: 'greeter', displayName: 'Greeter', description: 'Says hello.', version },
    ...{ license: 'MIT', engines: { vscode: '^1.90.0' }, categories: ['Other'], main: './main.js' },
    ...{ activationEvents: [], contributes: { commands: [{ command: 'greeter.greet', title: 'Greet' }] } },
    repository: { type: 'git', url: 'https://github.com/acme/greeter.git' },
  };
  await Promise.all([
    writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2)),
    writeFile(path.join(folder, 'main.js'), `exports.activate = () => console.log('${says}');\n`),
    writeFile(path.join(folder, 'README.md'), '# Greeter\n\nIt says hello.\n'),
    writeFile(path.join(folder, 'LICENSE'), 'MIT\n'),
  ]);
  return folder;
}

interface Editor {
  cwd: string;
  /** Address of the gallery, up to `/api/gallery`. */
  registry: string;
  token: string;
  /** Folder of its extensions, below `cwd`. */
  extensions?: string;
  env?: Record<string, string>;
}

/** The command line of code-server, with this gallery in the place of its own. */
export function codeServer(
  args: string[],
  { cwd, registry, token, extensions = 'extensions', env }: Editor,
): Promise<Ran> {
  const serviceUrl = `${registry}/t/${token}`;
  const gallery = {
    serviceUrl,
    extensionUrlTemplate: `${serviceUrl}/vscode/{publisher}/{name}/latest`,
    itemUrl: `${registry}/item`,
  };
  const places = ['--extensions-dir', path.join(cwd, extensions), '--user-data-dir', path.join(cwd, 'user')];
  const given = { EXTENSIONS_GALLERY: JSON.stringify(gallery), ...env };
  return client('CLIENT_CODE_SERVER', [...places, ...args], { cwd, env: given });
}
