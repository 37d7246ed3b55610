import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf, renderPromises } from './promises/render.mjs';
import { PROMISES } from './promises/table.mjs';
import { isMain, reportAlone } from './source-files.mjs';

const DOCUMENT = 'docs/promises.md';
const FIGURES = 'docs/promises.json';

/** The document of promises is what its runs make of it, and what it refers to exists. */
export function checkPromises(root) {
  const read = (file) => (existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8') : null);
  const figures = read(FIGURES);
  if (figures === null) {
    return [`${FIGURES} is missing; make it with: npm run chaos -- --publish`];
  }
  const published = JSON.parse(figures);
  const problems = PROMISES.flatMap(({ id, experiments = [] }) =>
    experiments
      .filter((name) => read(`scripts/chaos/experiments/${name}.ts`) === null)
      .map((name) => `${id}: there is no experiment ${name}`),
  );
  if (digestOf(published.reports) !== published.digest) {
    problems.push(`${FIGURES}: edited by hand; make it with: npm run chaos -- --publish`);
  }
  if (renderPromises(published) !== read(DOCUMENT)) {
    problems.push(`${DOCUMENT}: not what its figures make of it; make it with: npm run chaos -- --publish`);
  }
  return problems;
}

/** Commits of the figures that git does not have here: they were written anew when they landed. Nothing to mend. @returns {string[]} */
export function commitsNotHere(root) {
  const git = (...args) => spawnSync('git', args, { cwd: root }).status === 0;
  if (!existsSync(path.join(root, FIGURES)) || !git('rev-parse', '--git-dir')) {
    return [];
  }
  const { reports } = JSON.parse(readFileSync(path.join(root, FIGURES), 'utf8'));
  const commits = [...new Set(reports.map(({ commit }) => commit.replace(/-dirty$/, '')))];
  return commits.filter((commit) => !(/^[0-9a-f]{4,40}$/.test(commit) && git('cat-file', '-e', `${commit}^{commit}`)));
}

if (isMain(import.meta.url)) {
  await reportAlone('promises', checkPromises);
}
