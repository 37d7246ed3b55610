// What Vitest and Playwright write down, as counts and one line for each failure.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ passed: number, failed: number, failures?: string[], unsteady?: string[] }} Counts */

/** @returns {Counts} */
export function sum(all) {
  return {
    passed: all.reduce((total, each) => total + each.passed, 0),
    failed: all.reduce((total, each) => total + each.failed, 0),
    failures: all.flatMap((each) => each.failures ?? []),
    unsteady: all.flatMap((each) => each.unsteady ?? []),
  };
}

/** Where a runner writes its report: this process's own, since two may run in one folder. */
export function reportFile(root, name) {
  const folder = path.join(root, '.cache', 'test');
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${process.pid}-${name}`);
}

/** Counts a list of checks and prints a line for each. */
export function tally(checks, say) {
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

/** @returns {Counts} of Vitest's JSON report */
export function vitestCounts(file, root, status) {
  const { testResults = [], numPassedTests = 0 } = read(file);
  const failures = testResults.flatMap((result) => {
    const name = path.relative(root, result.name);
    const failed = result.assertionResults.filter((one) => one.status === 'failed');
    // A file that could not be loaded, or an error outside any test, fails without a failed test.
    const broken = result.status === 'failed' && failed.length === 0 ? [`${name}: ${firstLine(result.message)}`] : [];
    return [...broken, ...failed.map((one) => `${name} › ${one.fullName}: ${firstLine(one.failureMessages[0])}`)];
  });
  return settled(numPassedTests, failures, status);
}

/** How many of a run's browser tests may need their second try; one more, and all of them have failed. */
const MOST_UNSTEADY = 2;

/**
 * @returns {Counts} of Playwright's JSON report. One that was not run has failed. One that passed on its second try has
 * passed and is named with what failed at first, unless there are more than MOST_UNSTEADY.
 */
export function playwrightCounts(file, status) {
  const { stats = {}, suites = [], errors = [] } = read(file);
  const specs = suites.flatMap(specsOf);
  const unsteady = specs.filter((spec) => is(spec, 'flaky')).map(said);
  const tooMany = unsteady.length > MOST_UNSTEADY ? unsteady : [];
  const failures = [
    ...specs.filter((spec) => !is(spec, 'flaky') && !is(spec, 'expected')).map(said),
    ...tooMany,
    ...errors.map((error) => `outside any test: ${firstLine(error.message)}`),
  ];
  const passed = (stats.expected ?? 0) + unsteady.length - tooMany.length;
  return { ...settled(passed, failures, status), unsteady };
}

const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)];

const is = (spec, status) =>
  spec.tests.some((test) => test.status === status) &&
  spec.tests.every((test) => [status, 'expected'].includes(test.status));

/** Where it stands, its title and its first failure. */
function said(spec) {
  const [error] = spec.tests.flatMap((test) => test.results).flatMap((result) => result.errors);
  const what = error ? `${whatFailed(error.message)}${lineOf(error)}` : 'it was not run';
  return `${spec.file}:${spec.line} › ${spec.title}: ${what}`;
}

/** Which locator it was stands below the first line; what was tried, at length, below that. */
function whatFailed(message) {
  const [head = ''] = plain(message).split('Call log:');
  const lines = head.split('\n').map((each) => each.trim());
  return lines.filter(Boolean).join(' · ').slice(0, 500) || 'no message';
}

const lineOf = ({ location }) => (location ? ` (line ${location.line})` : '');

/** A runner that ended badly without a failed test has failed all the same. */
function settled(passed, failures, status) {
  const all = failures.length === 0 && status !== 0 ? [`the runner ended with ${status}`] : failures;
  return { passed, failed: all.length, failures: all };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
const COLOURS = /\u001b\[[0-9;]*m/g;

const plain = (text) => String(text ?? 'no message').replace(COLOURS, '');

function firstLine(text) {
  const line = plain(text)
    .split('\n')
    .find((each) => each.trim());
  return (line ?? 'no message').trim().slice(0, 300);
}

function read(file) {
  if (!existsSync(file)) {
    return {};
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return report;
}
