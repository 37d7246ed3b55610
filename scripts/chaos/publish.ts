import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf, type PublishedReport, renderPromises } from '../promises/render.mjs';
import { EXPERIMENTS } from './experiments';
import { type DatedReport, readReport } from './report';

const FIGURES = path.join('docs', 'promises.json');

/** The last run of each experiment as the document of promises: here, else what the document tells of it already. */
export function publish(say: (line: string) => void): number {
  const names = EXPERIMENTS.map(({ name }) => name);
  const reports = lastOf(names, readReport('full').map(published), told(), readReport('short').map(published));
  if (reports.length === 0) {
    say('Nothing has run here yet: npm run chaos, then publish.');
    return 1;
  }
  const content = { digest: digestOf(reports), reports };
  writeFileSync(FIGURES, `${JSON.stringify(content, null, 2)}\n`);
  writeFileSync(path.join('docs', 'promises.md'), renderPromises(content));
  say(
    `docs/promises.md: ${reports.length} experiments, ${reports.filter((each) => each.failed > 0).length} that did not hold`,
  );
  return 0;
}

/** Of each name the first report in the order of the lists; what is no experiment any more is left out. */
export function lastOf(names: readonly string[], ...lists: readonly PublishedReport[][]): PublishedReport[] {
  const all = lists.flat();
  return names.flatMap((name) => all.find((each) => each.name === name) ?? []);
}

/** Of other machines and of earlier days. */
function told(): PublishedReport[] {
  return existsSync(FIGURES)
    ? (JSON.parse(readFileSync(FIGURES, 'utf8')) as { reports: PublishedReport[] }).reports
    : [];
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
