import { expect, it } from 'vitest';
import { actionlint } from '../testing/checkers';
import { madeFiles, workflowsOf } from '../testing/matrix';

it('actionlint finds nothing in any workflow, and does find what is wrong', async () => {
  const found: string[] = [];
  for (const file of workflowsOf(await madeFiles()))
    for (const finding of await actionlint(file)) found.push(`${file.label}: ${finding}`);
  expect(found).toEqual([]);
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ inputs.nope }}\n';
  expect(await actionlint({ path: '.github/workflows/wrong.yml', text })).toHaveLength(1);
});
