// docs/promises.md is made from docs/promises.json, which `npm run chaos -- --publish` makes from the last runs.
import { createHash } from 'node:crypto';
import { PROMISES } from './table.mjs';

/** The document's figures, sealed: who edits one by hand would have to do it here, too. */
export function digestOf(reports) {
  return createHash('sha256').update(JSON.stringify(reports)).digest('hex');
}

/**
 * @param {{ digest: string, reports: import('./render.mjs').PublishedReport[] }} published
 * @returns {string} the whole document
 */
export function renderPromises({ digest, reports }) {
  const machines = [...new Set(reports.map((each) => machineLine(each.machine)))];
  return `${[
    '# Promises',
    '',
    'What this console promises when processes, networks, databases and people misbehave; the figure that each promise is held',
    'to; and the figure that was seen when it was last put to the test. Made by `npm run chaos -- --publish` from the last runs:',
    'never edited by hand, and `npm run verify` looks.',
    '',
    '*shown*: the last run held, at the size that is given beside it, which may be smaller than the target’s. *failed*: the last run did not hold. *tests*: no',
    `experiment, but tests that are part of \`npm test\`. *unproven*: neither, or the last run is over ${FRESH_DAYS} days older than the newest one here.`,
    '',
    '| | promise | target | | seen |',
    '|---|---|---|---|---|',
    ...PROMISES.map((each) => row(each, reports)),
    '',
    '## Runs',
    '',
    'A full run is `npm run chaos`, a short one `npm run chaos -- --short`, which is also the last stage of `npm test`.',
    ...machines.map((line) => `Machine: ${line}.`),
    '',
    '| experiment | what was done | run | seed | commit | day | took | verdicts |',
    '|---|---|---|---|---|---|---|---|',
    ...reports.map(runRow),
    '',
    ...failures(reports),
    '## Invariants',
    '',
    'After each experiment a checker reads the provider’s own list of runs, the sender’s own log of acknowledgements, the',
    'database and the audit log: I1 intents and runs are one to one · I2 no run without an intent · I3 every timeline only goes',
    'forwards · I4 nothing is claimed in a freeze · I5 nothing is sent before its quorum · I6 every intent is in the audit log and',
    'its chain is whole · I7 every acknowledged delivery is kept · I8 nothing stays unknown unseen. Each of them is seen failing',
    'on a planted violation in `scripts/chaos/checker/invariants.test.ts`.',
    '',
    `<!-- figures: ${digest} -->`,
  ].join('\n')}\n`;
}

/** What ran so long before the newest run says little of the code as it is. */
const FRESH_DAYS = 7;

function isStale({ date }, reports) {
  const newest = Math.max(...reports.map((each) => Date.parse(each.date)));
  return newest - Date.parse(date) > FRESH_DAYS * 86_400_000;
}

function row(promise, reports) {
  const runs = reports.filter((each) => promise.experiments?.includes(each.name));
  const missing = (promise.experiments ?? []).filter((name) => !runs.some((each) => each.name === name));
  const stale = runs.filter((each) => isStale(each, reports));
  const tests = promise.tests ?? [];
  const seen = [
    ...runs.map((each) => `${sawOf(promise, each)} (${each.run})`),
    ...(missing.length > 0 && runs.length > 0 ? [`${missing.join(', ')}: not run`] : []),
    ...(stale.length > 0 ? [`${stale.map(({ name }) => name).join(', ')}: too long ago`] : []),
    ...(tests.length > 0 ? [tests.map((file) => `\`${file}\``).join(', ')] : []),
    ...(promise.lacks ? [promise.lacks] : []),
  ];
  return `| ${promise.id} | ${promise.says} | ${promise.target} | ${statusOf(promise, runs, [...missing, ...stale])} | ${seen.join('<br>')} |`;
}

function sawOf(promise, report) {
  return report.seen[promise.id] ?? `${report.title}: ${report.passed} of ${report.passed + report.failed} verdicts`;
}

/** What a run itself counted as lost or doubled is no promise kept, whatever its verdicts said. */
const BROKEN = /\b[1-9]\d* (?:lost|doubled)\b/;

function statusOf(promise, runs, lacking) {
  if (runs.some((each) => each.failed > 0 || BROKEN.test(sawOf(promise, each)))) return '**failed**';
  if (runs.length > 0 && lacking.length === 0) return 'shown';
  return (promise.tests ?? []).length > 0 ? 'tests' : '**unproven**';
}

function runRow(each) {
  const { name, title, run, seed, commit, date, seconds, passed, failed } = each;
  const verdicts = failed > 0 ? `${passed} held, **${failed} failed**` : `${passed} held`;
  return `| ${name} | ${title} | ${run} | ${seed} | ${commit} | ${date} | ${seconds} s | ${verdicts} |`;
}

function failures(reports) {
  const lines = reports.flatMap((each) =>
    each.failures.map((what) => `- ${each.name}: ${what}. Again: \`npm run chaos -- ${again(each)}\``),
  );
  return lines.length > 0 ? ['What did not hold:', '', ...lines, ''] : [];
}

function again({ name, seed, run }) {
  return `--only ${name} --seed ${seed}${run === 'short' ? ' --short' : ''}`;
}

function machineLine({ cores, memoryGb, platform, node, postgres }) {
  return `${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}, Postgres ${postgres}; shared with other work while it ran`;
}
