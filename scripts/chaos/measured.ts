import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FIGURES_FILE } from '../testing/figure';
import { reportFile, vitestCounts } from '../testing/reports.mjs';
import { type Experiment, experiment, type Promised, type Stage, verdict } from './experiment';

interface Measured<Size extends object> {
  name: string;
  promise: Promised;
  files: readonly string[];
  full: Size;
  title(size: Size): string;
  environment(size: Size): Record<string, string>;
}

interface Figure {
  promise: string;
  sentence: string;
}

async function runTests({ lab, say }: Stage, each: Pick<Measured<object>, 'name' | 'files'>, more: object) {
  const root = process.cwd();
  const figures = path.join(lab.folder, `${each.name}.figures`);
  const report = reportFile(root, `${each.name}.json`);
  const env: NodeJS.ProcessEnv = { ...process.env, ...more, [FIGURES_FILE]: figures, CI: '1', NO_COLOR: '1' };
  // The tests look at what is logged, at every level.
  delete env.AETHERSTACK_LOG_LEVEL;
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--reporter=json', `--outputFile.json=${report}`, ...each.files];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' });
  const [status] = (await once(child, 'exit')) as [number | null];
  const counts = vitestCounts(report, root, status);
  for (const failure of counts.failures ?? []) say(failure);
  const lines = existsSync(figures) ? readFileSync(figures, 'utf8').split('\n').filter(Boolean) : [];
  return { ...counts, figures: lines.map((line) => JSON.parse(line) as Figure) };
}

/** Tests of `npm test` at a size that they have no time for there; what they counted they say themselves, by `figure`. */
export function measured<Size extends object>(each: Measured<Size>): Experiment {
  const { name, promise, files, full, title, environment } = each;
  return experiment({
    ...{ name, promises: [promise], short: null, full, title },
    run: async (stage, size: Size) => {
      const { passed, failed, failures, figures } = await runTests(stage, each, environment(size));
      const said = figures.filter((one) => one.promise === promise).map(({ sentence }) => sentence);
      return {
        verdicts: [
          verdict(`all tests hold of ${files.join(', ')}`, failed === 0 && passed > 0, failures?.[0] ?? passed),
          verdict('and say what they counted', said.length > 0, said.length),
        ],
        seen: { [promise]: said.join('; ') },
      };
    },
  });
}
