// The browser tests: one console is used by one test at a time, so as many consoles run at once as the machine feeds.
import os from 'node:os';
import path from 'node:path';
import { runToEnd } from '../bootstrap/run.mjs';
import { ensureBrowser } from './browser.mjs';
import { startProduct } from './product.mjs';
import { playwrightCounts, reportFile, sum, tally } from './reports.mjs';
import { siteOf } from './site.mjs';

/** Page and server take turns: one console leaves a part of two cores idle, and a third would only make all wait. */
const MOST_CONSOLES = 2;

/** @param {import('./stages.mjs').StageContext} context */
export async function runBrowserTests({ root, distDir, say, filters }) {
  const browser = await ensureBrowser({ root, log: say });
  // Files or names that somebody chose are few, and are read better from one console.
  const count = filters.length > 0 ? 1 : Math.min(MOST_CONSOLES, os.availableParallelism());
  const starting = Array.from({ length: count }, (_, at) => startConsole(root, distDir, inLines(`${at + 1}│ `)));
  const started = await Promise.allSettled(starting);
  const consoles = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  let counts = { passed: 0, failed: 1, failures: ['the browser tests did not come to their end'] };
  try {
    const broken = started.find((each) => each.status === 'rejected');
    if (broken) throw broken.reason;
    counts = await runPlaywright({ root, browser, consoles, filters, site: siteOf(distDir) });
  } finally {
    const ends = await Promise.all(
      consoles.map((each, at) => endConsole(each, path.join(root, 'test-results', `${at + 1}`))),
    );
    counts = sum([counts, tally(ends, say)]);
  }
  return counts;
}

function startConsole(root, distDir, say) {
  // One session serves all specs, so its proof has to outlive them; defence.spec.ts makes one of its own old.
  // A day's deployments in a quarter of an hour would run into the vendor's limit; P12 has tests of its own.
  const env = {
    AETHERSTACK_DIST_DIR: distDir,
    AETHERSTACK_STEP_UP_MINUTES: '240',
    AETHERSTACK_SANDBOX_QUOTA: '1000000',
  };
  return startProduct({ root, say, env });
}

async function endConsole(product, results) {
  product.keepLogs(path.join(results, 'logs'));
  return { name: 'Ctrl-C ends npm start and everything it began', problems: await product.stop() };
}

/** One run for all consoles: whichever is free takes the next file. */
async function runPlaywright({ root, browser, consoles, filters, site }) {
  const report = reportFile(root, 'playwright.json');
  const cli = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const result = await runToEnd(process.execPath, [cli, 'test', ...filters], {
    cwd: root,
    onOutput: (text) => process.stdout.write(text),
    env: {
      ...process.env,
      CHROMIUM_PATH: browser,
      E2E_CONSOLES: JSON.stringify(consoles.map(({ url, signInUrl, dataDir }) => ({ url, signInUrl, dataDir }))),
      E2E_SITE_DIR: path.join(root, site.out),
      E2E_SITE_BASE: site.basePath,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    },
  });
  return playwrightCounts(report, result.status);
}

/** Whole lines, each with whose it is: two write at once. */
function inLines(mark) {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    process.stdout.write(lines.map((line) => `${mark}${line}\n`).join(''));
  };
}
