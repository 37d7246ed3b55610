// Runs one release: `run.mjs <app folder> <release>`. Port and variables come from a file that only its owner may read, so
// they stand in no command line and no unit. The build's own entry runs in this very process.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , home, release] = process.argv;
const { port, mode, entry, basePath, env } = JSON.parse(
  readFileSync(path.join(home, 'run', `${release}.json`), 'utf8'),
);
const folder = path.join(home, 'releases', release);

Object.assign(process.env, env, {
  NODE_ENV: 'production',
  HOSTNAME: '127.0.0.1',
  PORT: String(port),
  AETHERSTACK_RELEASE: release,
});
// What it starts bears another mark: a child that goes on is not the release.
if (process.env.AETHERSTACK_RUN !== undefined) process.env.AETHERSTACK_RUN_PART = process.env.AETHERSTACK_RUN;
delete process.env.AETHERSTACK_RUN;
process.chdir(folder);

if (mode === 'server') {
  await import(pathToFileURL(path.join(folder, entry)).href);
} else {
  const { serveFiles } = await import('./files.mjs');
  serveFiles({ folder, basePath, port });
}
