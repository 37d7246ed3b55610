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

if (isMain(import.meta.url)) {
  await reportAlone('promises', checkPromises);
}
