// What `npm test` runs. A stage returns how many checks passed and failed; it never throws for a failed check.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runToEnd } from '../bootstrap/run.mjs';
import { runGuards } from '../guards.mjs';
import { scanActions } from '../scan-actions.mjs';
import { scanBundle } from '../scan-bundle.mjs';
import { scanExport } from '../scan-export.mjs';
import { scanRecord } from '../scan-record.mjs';
import { ensureBuild } from '../start/build.mjs';
import { ensureStatic } from '../start/build-static.mjs';
import { readActionsKey } from '../start/keys.mjs';
import { ensureBrowser } from './browser.mjs';
import { startProduct } from './product.mjs';
import { playwrightCounts, reportFile, vitestCounts } from './reports.mjs';

/**
 * @typedef {import('./reports.mjs').Counts} Counts
 * @typedef {{ root: string, filters: string[], say: (line: string) => void, distDir: string }} StageContext
 */

/** @type {[string, (context: StageContext) => Promise<Counts>][]} */
export const STAGES = [
  ['verify', ({ root, say }) => runGuards(root, say)],
  ['unit', runUnit],
  ['build', runBuild],
  ['bundle', runBundle],
  ['e2e', runBrowserTests],
  ['chaos', runChaos],
];

async function runUnit({ root, filters }) {
  const report = reportFile(root, 'vitest.json');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...filters];
  const env = { ...process.env, CI: '1', NO_COLOR: '1' };
  // Even empty it forces colours, and then no text is found in what a tool says.
  delete env.FORCE_COLOR;
  const result = await runToEnd(process.execPath, args, { cwd: root, onOutput: write, env });
  return vitestCounts(report, root, result.status);
}

async function runBuild({ root, distDir, say }) {
  await ensureBuild({ root, distDir, actionsKey: readActionsKey(root, process.env), log: say });
  await ensureStatic({ root, ...siteOf(distDir), log: say });
  return { passed: 2, failed: 0 };
}

/** The export of the public part that the tests look at, below a path as a project page is. */
function siteOf(distDir) {
  return { out: `${distDir}-site`, basePath: '/stack' };
}

async function runBundle({ root, distDir, say }) {
  const dist = path.join(root, distDir);
  const { out, basePath } = siteOf(distDir);
  return tally(
    [...scanBundle(dist), scanActions(dist, root), ...scanExport(path.join(root, out), basePath), scanRecord(dist)],
    say,
  );
}

/** Counts a list of checks and prints a line for each. */
function tally(checks, say) {
  const failures = [];
  for (const { name, problems } of checks) {
    failures.push(...(problems.length > 0 ? [`${name}: ${problems[0]}`] : []));
    say(`${problems.length > 0 ? 'FAIL' : 'ok  '} ${name}`);
    for (const problem of problems) {
      say(`       ${problem}`);
    }
  }
  return { passed: checks.length - failures.length, failed: failures.length, failures };
}

async function runBrowserTests({ root, distDir, say, filters }) {
  const browser = await ensureBrowser({ root, log: say });
  // One session serves all specs, so its proof has to outlive them; defence.spec.ts makes one of its own old.
  // A day's deployments in a quarter of an hour would run into the vendor's limit; P12 has tests of its own.
  const env = {
    AETHERSTACK_DIST_DIR: distDir,
    AETHERSTACK_STEP_UP_MINUTES: '240',
    AETHERSTACK_SANDBOX_QUOTA: '1000000',
  };
  const product = await startProduct({ root, say: write, env });
  let counts = { passed: 0, failed: 1, failures: ['the browser tests did not come to their end'] };
  try {
    counts = await runPlaywright({ root, browser, product, filters, site: siteOf(distDir) });
  } finally {
    product.keepLogs(path.join(root, 'test-results', 'logs'));
    const checks = [{ name: 'Ctrl-C ends npm start and everything it began', problems: await product.stop() }];
    const end = tally(checks, say);
    counts = {
      passed: counts.passed + end.passed,
      failed: counts.failed + end.failed,
      failures: [...counts.failures, ...end.failures],
    };
  }
  return counts;
}

async function runPlaywright({ root, browser, product, filters, site }) {
  const report = reportFile(root, 'playwright.json');
  const cli = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const result = await runToEnd(process.execPath, [cli, 'test', ...filters], {
    cwd: root,
    onOutput: write,
    env: {
      ...process.env,
      CHROMIUM_PATH: browser,
      E2E_BASE_URL: product.url,
      E2E_SETUP_URL: product.signInUrl,
      E2E_DATA_DIR: product.dataDir,
      E2E_SITE_DIR: path.join(root, site.out),
      E2E_SITE_BASE: site.basePath,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    },
  });
  return playwrightCounts(report, result.status);
}

async function runChaos({ root, distDir, say }) {
  const script = path.join(root, 'scripts', 'chaos.mjs');
  if (!existsSync(script)) {
    say('scripts/chaos.mjs is missing');
    return { passed: 0, failed: 1 };
  }
  const env = { ...process.env, AETHERSTACK_DIST_DIR: distDir };
  const result = await runToEnd(process.execPath, [script, '--short'], { cwd: root, onOutput: write, env });
  const counts = [...result.output.matchAll(/(\d+) passed, (\d+) failed/g)].pop();
  const [passed, failed] = counts ? counts.slice(1).map(Number) : [0, 1];
  const failures = [...result.output.matchAll(/^ {2}(?:FAIL|again:) (.+)$/gm)].map((each) => each[1]);
  return { passed, failed: failed || (result.status === 0 ? 0 : 1), failures };
}

function write(text) {
  process.stdout.write(text);
}
