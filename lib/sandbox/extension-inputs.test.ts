import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { blueprintFiles } from '@/lib/blueprints/model/generate';
import { repositoryFiles } from './repository-files';

const WORKFLOW = '.github/workflows/extension-publish.yml';

interface Workflow {
  on: { workflow_dispatch: { inputs: Record<string, unknown> } };
}

function inputsOf(text: string | undefined): Record<string, unknown> {
  return (load(text ?? expect.fail(`There is no ${WORKFLOW}.`)) as Workflow).on.workflow_dispatch.inputs;
}

test('the handwritten workflow of the extension takes what the one of Set up takes, so the demo shows the same form', async () => {
  const at = { repository: 'aetherstack/aetherstack', branch: 'main' } as const;
  const files = await blueprintFiles({ ...at, kind: 'extension', name: 'extension', marketplace: 'pat' });
  // Its job names the environment itself, as many a repository does.
  const { environment, ...ours } = inputsOf(files.find(({ path }) => path === WORKFLOW)?.text);
  expect(environment).toBeDefined();
  const theirs = inputsOf((await repositoryFiles()).get(WORKFLOW));
  expect(theirs).toEqual(ours);
  expect(Object.keys(theirs), 'in the same order').toEqual(Object.keys(ours));
});
