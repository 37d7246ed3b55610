import { pinned } from './action-pins';
import type { BlueprintSettings } from './settings';

export interface DispatchInput {
  name: string;
  description: string;
  type: 'string' | 'boolean' | 'environment' | readonly string[];
  required?: boolean;
  /** As YAML; without one the input has none. */
  default?: string;
}

export interface Job {
  id: string;
  name: string;
  needs?: string | readonly string[];
  /** Without `${{ }}`. */
  if?: string;
  minutes: number;
  permissions: Readonly<Record<string, 'read' | 'write'>>;
  /** Name of the environment whose rules and secrets apply; may be an expression. */
  environment?: string;
  /** Where it can be opened afterwards; an expression. */
  url?: string;
  directory?: string;
  outputs?: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  /** Each a YAML sequence item that begins in the first column. */
  steps: readonly string[];
}

export interface Workflow {
  title: string;
  /** What the run is about, as it stands in `run-name`, before our marker. */
  about: string;
  inputs: readonly DispatchInput[];
  group: string;
  jobs: readonly Job[];
}

const SHA: DispatchInput = {
  name: 'sha',
  description: 'Commit to use; the console fills it in',
  type: 'string',
  default: "''",
};
/** The console finds a run again by this, when the answer to its start got lost on the way. */
const MARKER: DispatchInput = {
  name: 'aetherstack',
  description: 'Marker of the deployment; the console fills it in',
  type: 'string',
  default: "''",
};

/** A workflow with our marker in its name, the inputs that the console fills in, and no permission that no job asks for. */
export function workflow(settings: BlueprintSettings, { title, about, inputs, group, jobs }: Workflow): string {
  return `name: ${title}
run-name: ${about} \${{ inputs.aetherstack }}

on:
${automatic(settings)}  workflow_dispatch:
    inputs:
${indent([...inputs, SHA, MARKER].map(declared).join('\n'), 6)}

permissions: {}

# One at a time, and the running one is never cut off half-way.
concurrency:
  group: ${scalar(group)}
  cancel-in-progress: false

defaults:
  run:
    shell: bash

jobs:
${jobs.map((job) => indent(written(job), 2)).join('\n\n')}
`;
}

function automatic({ automatic: when, branch, directory }: BlueprintSettings): string {
  if (when === 'never') return '';
  if (when === 'tag') return "  push:\n    tags: ['v*']\n";
  const paths = directory ? `    paths: ['${directory}/**']\n` : '';
  return `  push:\n    branches: ['${branch}']\n${paths}`;
}

function declared(input: DispatchInput): string {
  const type = typeof input.type === 'string' ? input.type : 'choice';
  const options = typeof input.type === 'string' ? [] : ['options:', ...input.type.map((each) => `  - ${each}`)];
  const rows = [
    `description: ${input.description}`,
    `type: ${type}`,
    ...(input.required ? ['required: true'] : []),
    ...(input.default === undefined ? [] : [`default: ${input.default}`]),
    ...options,
  ];
  return `${input.name}:\n${indent(rows.join('\n'), 2)}`;
}

function written(job: Job): string {
  const environment = job.url
    ? ['environment:', `  name: ${scalar(job.environment ?? '')}`, `  url: ${job.url}`]
    : [`environment: ${scalar(job.environment ?? '')}`];
  const rows = [
    `name: ${job.name}`,
    ...(job.needs ? [`needs: ${needed(job.needs)}`] : []),
    ...(job.if ? [`if: \${{ ${job.if} }}`] : []),
    'runs-on: ubuntu-24.04',
    `timeout-minutes: ${job.minutes}`,
    ...(job.environment ? environment : []),
    ...table('permissions', job.permissions),
    ...(job.directory ? ['defaults:', '  run:', `    working-directory: ${quoted(job.directory)}`] : []),
    ...table('outputs', job.outputs ?? {}),
    ...table('env', job.env ?? {}, scalar),
    'steps:',
    indent(job.steps.join('\n'), 2),
  ];
  return `${job.id}:\n${indent(rows.join('\n'), 2)}`;
}

function needed(jobs: string | readonly string[]): string {
  if (typeof jobs === 'string') return jobs;
  return jobs.length === 1 ? String(jobs[0]) : `[${jobs.join(', ')}]`;
}

function table(name: string, rows: Readonly<Record<string, string>>, write = (value: string) => value): string[] {
  const entries = Object.entries(rows);
  if (entries.length === 0) return [];
  return [`${name}:`, ...entries.map(([key, value]) => `  ${key}: ${write(value)}`)];
}

/** A YAML string, whatever it looks like: a version, a number, `true` or `null`. */
export function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Expressions and what is quoted already stay; a text that came from settings may look like a number. */
function scalar(value: string): string {
  return /^'|\$\{\{/.test(value) ? value : quoted(value);
}

/** Moves every line that is not empty to the right. */
export function indent(text: string, spaces: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(spaces));
}

/** Names of components have no slash, so no two of them can mean the same group. */
export function inGroup({ name }: BlueprintSettings, what: string): string {
  return `${name}/${what}`;
}

/** The environment that was chosen; a run that started by itself goes to the first one. */
export function chosenEnvironment({ environments }: BlueprintSettings): string {
  return `\${{ inputs.environment || '${environments[0]}' }}`;
}

export function environmentInput({ environments }: BlueprintSettings): DispatchInput {
  return {
    name: 'environment',
    description: 'Where to deploy',
    type: 'environment',
    required: true,
    default: quoted(environments[0] ?? ''),
  };
}

export const CHECKOUT = `- name: Check out the commit
  uses: ${pinned('actions/checkout')}
  with:
    ref: \${{ inputs.sha || github.sha }}
    persist-credentials: false`;

/** What was asked for may be a short name; what was checked out is a commit. */
export const COMMIT = `- name: Which commit it is
  run: echo "REVISION=$(git rev-parse HEAD)" >> "$GITHUB_ENV"`;

export const SET_UP_BUILDX = uses('Set up Buildx', 'docker/setup-buildx-action', { 'cache-binary': "'true'" });

/** A step that runs a script; what it gets from outside comes through `env`, as text that nothing reads as a command. */
export function script(
  name: string,
  lines: string,
  env: Readonly<Record<string, string>> = {},
  more: string[] = [],
): string {
  const rows = [`- name: ${name}`, ...more.map((row) => `  ${row}`)];
  rows.push(...table('env', env, scalar).map((row) => `  ${row}`), '  run: |', indent(lines, 4));
  return rows.join('\n');
}

export function uses(
  name: string,
  action: Parameters<typeof pinned>[0],
  inputs: Readonly<Record<string, string>>,
  more: string[] = [],
): string {
  const rows = [`- name: ${name}`, ...more.map((row) => `  ${row}`), `  uses: ${pinned(action)}`];
  return [...rows, ...table('with', inputs, scalar).map((row) => `  ${row}`)].join('\n');
}

/** Brings Node and installs exactly what the lock file says. `directory` is where package.json is. */
export function nodeSteps({
  nodeVersion,
  packageManager,
  directory,
}: {
  nodeVersion: string;
  packageManager: 'npm' | 'pnpm' | 'yarn';
  directory: string;
}): string[] {
  const { lock, install } = INSTALLS[packageManager];
  const cache = { cache: packageManager, 'cache-dependency-path': directory ? `${directory}/${lock}` : lock };
  return [
    ...(packageManager === 'npm' ? [] : [script('Bring the package manager', 'corepack enable')]),
    uses('Set up Node', 'actions/setup-node', { 'node-version': nodeVersion, ...cache }),
    script('Install', install),
  ];
}

const INSTALLS = {
  npm: { lock: 'package-lock.json', install: 'npm ci' },
  pnpm: { lock: 'pnpm-lock.yaml', install: 'pnpm install --frozen-lockfile' },
  yarn: { lock: 'yarn.lock', install: 'yarn install --immutable' },
} as const;
