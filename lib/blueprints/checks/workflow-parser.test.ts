import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { mapping } from '@/lib/providers/github/workflow-file';
import { MATRIX, madeFiles, workflowsOf } from '../testing/matrix';

/** What GitHub's own parser says of a workflow, and what it made of it. */
async function read(name: string, content: string) {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const problems = () => context.errors.getErrors().map(({ message }) => message);
  if (!value) return { problems: problems(), jobs: [], inputs: {} };
  const template = await convertWorkflowTemplate(context, value);
  const said = [...problems(), ...(template.errors ?? []).map(({ Message }) => Message)];
  return { problems: said, jobs: template.jobs, inputs: template.events?.workflow_dispatch?.inputs ?? {} };
}

/** The value of an expression, as GitHub computes it. */
function computed(expression: string, inputs: Readonly<Record<string, string | boolean>>): unknown {
  const context = new data.Dictionary({ key: 'inputs', value: dictionary(inputs) });
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, ['inputs'], []).parse();
  return new Evaluator(parsed, context).evaluate().coerceString();
}

function dictionary(values: Readonly<Record<string, string | boolean>>) {
  const pairs = Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'boolean' ? new data.BooleanData(value) : new data.StringData(value),
  }));
  return new data.Dictionary(...pairs);
}

async function jobOf(label: string, job: string): Promise<Record<string, unknown>> {
  const [file] = workflowsOf(await madeFiles()).filter((each) => each.label === label);
  return mapping(mapping(mapping(load(file?.text ?? ''))?.jobs)?.[job]) ?? {};
}

const inner = (expression: unknown) => String(expression).replace(/^\$\{\{ (.*) \}\}$/, '$1');

describe("GitHub's own parser", () => {
  it('takes every workflow, and refuses what is none', async () => {
    const workflows = workflowsOf(await madeFiles());
    for (const { label, path, text } of workflows) {
      const { problems, jobs, inputs } = await read(path, text);
      expect([label, problems]).toEqual([label, []]);
      expect(jobs.length).toBeGreaterThan(0);
      expect(inputs).toMatchObject({ aetherstack: { type: 'string' }, sha: { type: 'string' } });
    }
    expect(workflows.length).toBe(Object.keys(MATRIX).length);
    expect((await read('wrong.yml', 'on: push\njobs:\n  a:\n    steps: []\n')).problems).not.toEqual([]);
  });
});

describe('the conditions', () => {
  it('build only when no image was chosen, and go to the first environment when nobody chose', async () => {
    const image = await jobOf('backend: Docker Hub to EKS', 'image');
    expect(computed(inner(image.if), {})).toBe('true');
    expect(computed(inner(image.if), { image: '' })).toBe('true');
    expect(computed(inner(image.if), { image: 'acme/backend@sha256:1' })).toBe('false');
    const { environment } = await jobOf('backend: Docker Hub to EKS', 'deploy');
    const name = inner(mapping(environment)?.name);
    expect([computed(name, {}), computed(name, { environment: 'production' })]).toEqual(['staging', 'production']);
  });

  it.each([
    [{}, 'true'],
    [{ publish_to: 'everywhere', dry_run: false }, 'true'],
    [{ publish_to: 'open-vsx', dry_run: false }, 'true'],
    [{ publish_to: 'vs-marketplace', dry_run: false }, 'false'],
    [{ publish_to: 'open-vsx', dry_run: true }, 'false'],
  ])('publish to Open VSX with %j: %s', async (inputs, expected) => {
    const job = await jobOf('extension: everywhere by Entra', 'open-vsx');
    expect(computed(inner(job.if), inputs)).toBe(expected);
  });
});
