import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runToEnd } from '../bootstrap/run.mjs';

// The shell first: without a window it draws with half the work.
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const BUNDLES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

let bringing;

/**
 * Path of a Chromium, which is brought once however often it is asked for: CHROMIUM_PATH, one on PATH, or Playwright's; else brings one.
 * @throws {Error} with a sentence that says how to install one
 */
export function ensureBrowser(options) {
  bringing ??= bringBrowser(options).catch((error) => {
    bringing = undefined;
    throw error;
  });
  return bringing;
}

async function bringBrowser({ root, log }) {
  const found = await findBrowser();
  if (found) {
    return found;
  }
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    log('No Chromium on this machine; installing it with apt-get …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runToEnd('apt-get', ['update', '-q'], { env });
    for (const name of ['chromium-headless-shell', 'chromium']) {
      const result = await runToEnd('apt-get', ['install', '-qy', '--no-install-recommends', name], { env });
      const installed = await findBrowser();
      if (installed) {
        return installed;
      }
      log(`apt-get ended with ${result.status}: ${result.output.trim().split('\n').pop()}`);
    }
  }
  log('No Chromium on this machine; fetching the one of Playwright …');
  const cli = path.join(root, 'node_modules', 'playwright', 'cli.js');
  const result = await runToEnd(process.execPath, [cli, 'install', 'chromium'], { cwd: root });
  const fetched = await findBrowser();
  if (fetched) {
    return fetched;
  }
  throw new Error(
    'The browser tests need Chromium and none could be brought ' +
      `(Playwright said: ${result.output.trim().split('\n').pop()}). ` +
      'Install it (Debian: apt-get install chromium; macOS: Google Chrome) or name one: CHROMIUM_PATH=/path/to/chromium npm test',
  );
}

async function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!existsSync(named)) {
      throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`);
    }
    return named;
  }
  const { chromium } = await import('playwright');
  return NAMES.map(onPath).find(Boolean) ?? [...BUNDLES, chromium.executablePath()].find((file) => existsSync(file));
}

function onPath(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin'];
  const found = folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
  return found && spawnSync('test', ['-x', found]).status === 0 ? found : undefined;
}
