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
export async function runBrowserTests(context) {
  const browser = await ensureBrowser({ root: context.root, log: context.say });
  // Files or names that somebody chose are few, and are read better from one console.
  const consoles = context.filters.length > 0 ? 1 : Math.min(MOST_CONSOLES, os.availableParallelism());
  const parts = Array.from({ length: consoles }, (_, at) => runPart({ ...context, browser }, at + 1, consoles));
  const ended = await Promise.allSettled(parts);
  const broken = ended.find((each) => each.status === 'rejected');
  if (broken) throw broken.reason;
  return sum(ended.map((each) => each.value));
}

async function runPart({ root, distDir, say, filters, browser }, part, parts) {
  const write = parts > 1 ? inLines(`${part}│ `) : (text) => process.stdout.write(text);
  // One session serves all specs, so its proof has to outlive them; defence.spec.ts makes one of its own old.
  // A day's deployments in a quarter of an hour would run into the vendor's limit; P12 has tests of its own.
  const env = {
    AETHERSTACK_DIST_DIR: distDir,
    AETHERSTACK_STEP_UP_MINUTES: '240',
    AETHERSTACK_SANDBOX_QUOTA: '1000000',
  };
  const product = await startProduct({ root, say: write, env });
  const results = parts > 1 ? path.join('test-results', String(part)) : 'test-results';
  let counts = { passed: 0, failed: 1, failures: ['the browser tests did not come to their end'] };
  try {
    const args = [...(parts > 1 ? [`--shard=${part}/${parts}`] : []), ...filters];
    counts = await runPlaywright({ root, browser, product, args, results, site: siteOf(distDir), write });
  } finally {
    product.keepLogs(path.join(root, results, 'logs'));
    const checks = [{ name: 'Ctrl-C ends npm start and everything it began', problems: await product.stop() }];
    counts = sum([counts, tally(checks, say)]);
  }
  return counts;
}

async function runPlaywright({ root, browser, product, args, results, site, write }) {
  const report = reportFile(root, `${path.basename(results)}-playwright.json`);
  const cli = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const result = await runToEnd(process.execPath, [cli, 'test', ...args], {
    cwd: root,
    onOutput: write,
    env: {
      ...process.env,
      CHROMIUM_PATH: browser,
      E2E_BASE_URL: product.url,
      E2E_SETUP_URL: product.signInUrl,
      E2E_DATA_DIR: product.dataDir,
      E2E_RESULTS: results,
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
