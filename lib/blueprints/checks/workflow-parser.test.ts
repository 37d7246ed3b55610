import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { mapping } from '@/lib/providers/github/workflow-file';
import { readByParser } from '../testing/checkers';
import { MATRIX, madeFiles, workflowsOf } from '../testing/matrix';

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
    for (const file of workflows) {
      const { label } = file;
      const { problems, jobs, inputs } = await readByParser(file);
      expect([label, problems]).toEqual([label, []]);
      expect(jobs.length).toBeGreaterThan(0);
      expect(inputs).toMatchObject({ aetherstack: { type: 'string' }, sha: { type: 'string' } });
    }
    expect(workflows.length).toBe(Object.keys(MATRIX).length);
    const wrong = { path: 'wrong.yml', text: 'on: push\njobs:\n  a:\n    steps: []\n' };
    expect((await readByParser(wrong)).problems).not.toEqual([]);
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

  it('make a package, or publish the one that the console keeps, and never one that could not be made', async () => {
    const label = 'extension: from the console too';
    const made = inner((await jobOf(label, 'package')).if);
    expect([computed(made, {}), computed(made, { from_console: true })]).toEqual(['true', 'false']);
    const published = inner((await jobOf(label, 'open-vsx')).if);
    const when = (failed: boolean, inputs: Parameters<typeof computed>[1]) =>
      computed(published.replace('failure()', String(failed)).replace('cancelled()', 'false'), inputs);
    expect(when(false, {})).toBe('true');
    expect(when(true, {})).toBe('false');
    expect(when(false, { from_console: true })).toBe('true');
    expect(when(false, { from_console: true, dry_run: true })).toBe('false');
    expect(inner((await jobOf('extension: Open VSX only', 'open-vsx')).if)).toBe('!inputs.dry_run');
  });
});
