import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { BlueprintFile } from '../model/generate';
import { Bench, stepOf } from './bench';
import { MATRIX } from './matrix';

type Mode = 'ssr' | 'ssg';

/**
 * A server of one's own, as the workflow over SSH sees it. That machine is this one: what it is told to do is what its shell
 * gets, below a folder instead of /srv/dashboard, and systemd keeps a file for each unit that runs.
 */
export class OwnServer {
  readonly bench = new Bench();
  readonly srv = path.join(this.bench.folder, 'srv');
  files: BlueprintFile[] = [];
  #runs = 0;

  async setUp(): Promise<void> {
    this.files = await this.bench.write(MATRIX['dashboard: own server'] as never);
    this.bench.stub('ssh', 'exec sh -c "$4"');
    this.bench.stub('sleep', 'exit 0');
    this.bench.stub('curl', 'exit 0');
  }

  /** With a folder for each environment, nothing in it, and no unit that runs. */
  begin(): void {
    const { bench, srv } = this;
    for (const each of ['srv', 'restarts', 'up-staging', 'up-production'])
      rmSync(this.at(each), { recursive: true, force: true });
    for (const each of ['staging', 'production']) mkdirSync(this.place(each), { recursive: true });
    // As systemd does with the unit: a restart ends what runs, and starts it only while its condition is met.
    bench.stub(
      'systemctl',
      `unit=\${3#*@}; [ "$1" = show ] && echo 0 && exit 0; [ "$1" = cat ] || [ -e ${bench.folder}/up-\${unit%.service} ] || exit 3`,
    );
    bench.stub(
      'sudo',
      `[ "$2" = -l ] && exit 0
echo "$*" >> ${bench.folder}/restarts; unit=\${4#*@}; unit=\${unit%.service}
if [ -e ${srv}/$unit/current/server/server.js ]; then touch ${bench.folder}/up-$unit; else rm -f ${bench.folder}/up-$unit; fi`,
    );
  }

  at(file: string): string {
    return path.join(this.bench.folder, file);
  }

  place(environment: string): string {
    return path.join(this.srv, environment);
  }

  live(environment = 'staging'): string {
    return path.basename(realpathSync(path.join(this.place(environment), 'current')));
  }

  releases(environment = 'staging'): string[] {
    return readdirSync(path.join(this.place(environment), 'releases')).sort();
  }

  restarts(): string[] {
    return existsSync(this.at('restarts')) ? readFileSync(this.at('restarts'), 'utf8').trim().split('\n') : [];
  }

  /** As the build job leaves it, made long ago. */
  async packed(rendering: string): Promise<void> {
    const site = this.at('site');
    rmSync(site, { recursive: true, force: true });
    mkdirSync(site);
    writeFileSync(path.join(site, rendering === 'ssr' ? 'server.js' : 'index.html'), 'hello');
    utimesSync(site, new Date(0), new Date(0));
    await this.bench.run(`tar --create --gzip --file build.tar.gz --directory "${site}" .`);
  }

  /** The deploy job of a new run. */
  put(rendering: Mode, commit: string, more: Record<string, string> = {}) {
    this.#runs += 1;
    return this.#step('Put it live', rendering, commit, { KEPT: 'false', ...more });
  }

  /** The job of a new run that goes back; `served` is what the jobs behind it are told. */
  async back(rendering: Mode, commit: string, releases: string, more: Record<string, string> = {}) {
    this.#runs += 1;
    const told = { KEPT: 'true', RELEASES: releases, ...more };
    const ran = await this.#step('Serve a release that is kept', rendering, commit, told);
    return { ...ran, served: /^served=(.*)$/m.exec(readFileSync(this.at('github-output'), 'utf8'))?.[1] };
  }

  /** Builds and puts it live; the name of its release. */
  async deploy(rendering: Mode, commit: string, more: Record<string, string> = {}): Promise<string> {
    await this.packed(rendering);
    const { status, output } = await this.put(rendering, commit, more);
    expect(status, output).toBe(0);
    return `${commit}-${rendering}-${this.#runs}-1`;
  }

  #step(name: string, rendering: Mode, commit: string, more: Record<string, string>) {
    return this.bench.run(stepOf(this.files, name).replaceAll('/srv/dashboard', this.srv), {
      ...{ AETHERSTACK_RENDERING: rendering, COMMIT: commit, ENVIRONMENT: 'staging', PUBLIC_URL: '' },
      ...{ GITHUB_RUN_ID: String(this.#runs), GITHUB_RUN_ATTEMPT: '1', SSH_USER: 'web', SSH_HOST: 'host', KEY: 'k' },
      ...more,
    });
  }
}
