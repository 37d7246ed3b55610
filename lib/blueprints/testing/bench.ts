import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import { mapping } from '@/lib/providers/github/workflow-file';
import { runToEnd } from '@/scripts/bootstrap/run.mjs';
import { type BlueprintFile, blueprintFiles } from '../model/generate';
import type { BlueprintInput } from '../model/settings';

/** A folder of its own with a repository in it, on which the steps of a workflow are run. */
export class Bench {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'blueprints-'));
  readonly repository = path.join(this.folder, 'repository');
  private readonly programs = path.join(this.folder, 'programs');

  constructor() {
    mkdirSync(this.repository);
    mkdirSync(this.programs);
  }

  copy(from: string, to: string): void {
    cpSync(path.resolve('lib/sandbox/repository', from), path.join(this.repository, to), { recursive: true });
  }

  async write(settings: BlueprintInput): Promise<BlueprintFile[]> {
    const files = await blueprintFiles(settings);
    for (const { path: file, text } of files) {
      const target = path.join(this.repository, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    return files;
  }

  /** Takes the place of a program that a script calls. */
  stub(name: string, script: string): void {
    const file = path.join(this.programs, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Runs a script as the runner does: bash -eo pipefail, with nothing of this process' environment but its PATH. */
  async run(
    script: string,
    env: Record<string, string> = {},
    folder = '',
  ): Promise<{ status: number | null; output: string }> {
    const file = path.join(this.folder, 'script.sh');
    const output = path.join(this.folder, 'github');
    for (const name of ['env', 'output', 'summary']) writeFileSync(`${output}-${name}`, '');
    writeFileSync(file, script);
    return runToEnd('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
      cwd: path.join(this.repository, folder),
      env: {
        NODE_ENV: 'test',
        HOME: this.folder,
        PATH: `${this.programs}:${process.env.PATH ?? ''}`,
        RUNNER_TEMP: this.folder,
        GITHUB_ENV: `${output}-env`,
        GITHUB_OUTPUT: `${output}-output`,
        GITHUB_STEP_SUMMARY: `${output}-summary`,
        ...env,
      },
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The script of the step with this name. */
export function stepOf(files: readonly Pick<BlueprintFile, 'path' | 'text'>[], step: string): string {
  const workflow = files.find(({ path: file }) => file.startsWith('.github/workflows/'));
  const jobs = mapping(mapping(load(workflow?.text ?? ''))?.jobs) ?? {};
  for (const job of Object.values(jobs)) {
    const steps = mapping(job)?.steps;
    for (const each of Array.isArray(steps) ? steps : []) {
      const { name, run } = mapping(each) ?? {};
      if (name === step && typeof run === 'string') return run;
    }
  }
  throw new Error(`No step is called “${step}”.`);
}
