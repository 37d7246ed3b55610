import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf, type PublishedReport, renderPromises } from '../promises/render.mjs';
import { EXPERIMENTS } from './experiments';
import { type DatedReport, readReport } from './report';

/** The last full run of each experiment, or its last short one where there is none, as the document of promises. */
export function publish(say: (line: string) => void): number {
  const full = readReport('full');
  const short = readReport('short');
  const reports = EXPERIMENTS.flatMap(({ name }) => {
    const last = full.find((each) => each.name === name) ?? short.find((each) => each.name === name);
    return last ? [published(last)] : [];
  });
  if (reports.length === 0) {
    say('Nothing has run here yet: npm run chaos, then publish.');
    return 1;
  }
  const content = { digest: digestOf(reports), reports };
  writeFileSync(path.join('docs', 'promises.json'), `${JSON.stringify(content, null, 2)}\n`);
  writeFileSync(path.join('docs', 'promises.md'), renderPromises(content));
  say(
    `docs/promises.md: ${reports.length} experiments, ${reports.filter((each) => each.failed > 0).length} that did not hold`,
  );
  return 0;
}

function published({
  name,
  title,
  run,
  seed,
  commit,
  date,
  seconds,
  verdicts,
  seen,
  machine,
}: DatedReport): PublishedReport {
  const failures = verdicts.filter((each) => !each.passed).map((each) => `${each.name} (${firstLine(each.detail)})`);
  const passed = verdicts.length - failures.length;
  return { name, title, run, seed, commit, date, seconds, passed, failed: failures.length, failures, seen, machine };
}

/** A stack names folders of the machine that it came from. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
