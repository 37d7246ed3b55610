// What `npm test` runs. A stage returns how many checks passed and failed; it never throws for a failed check.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../bootstrap/node.mjs';
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
import { runBrowserTests } from './browser-tests.mjs';
import { reportFile, tally, vitestCounts } from './reports.mjs';
import { siteOf } from './site.mjs';

// The stages start the same programs some hundred times: Node keeps what it made of their sources.
process.env.NODE_COMPILE_CACHE ??= path.join(PROJECT_ROOT, '.cache', 'compiled');

/**
 * @typedef {import('./reports.mjs').Counts} Counts
 * @typedef {{ root: string, filters: string[], say: (line: string) => void, distDir: string }} StageContext
 */

/**
 * Name, what it runs, and what it waits for others to bring: begun with the first stage, while that one keeps the cores busy.
 * @type {[string, (context: StageContext) => Promise<Counts>, ((context: StageContext) => Promise<unknown>)?][]}
 */
export const STAGES = [
  ['verify', ({ root, say }) => runGuards(root, say)],
  ['unit', runUnit],
  ['build', runBuild],
  ['bundle', runBundle],
  ['e2e', runBrowserTests, ({ root, say }) => ensureBrowser({ root, log: say })],
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

async function runBundle({ root, distDir, say }) {
  const dist = path.join(root, distDir);
  const { out, basePath } = siteOf(distDir);
  return tally(
    [...scanBundle(dist), scanActions(dist, root), ...scanExport(path.join(root, out), basePath), scanRecord(dist)],
    say,
  );
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
