// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { existsSync } from 'node:fs';
import { load } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OwnServer } from '../testing/own-server';

const [A, B] = ['a', 'b'].map((digit) => digit.repeat(40)) as [string, string];
const releaseOf = (name: string) => name.split('-').slice(-2).join('-');

interface Job {
  if?: string;
  needs?: string | string[];
  outputs?: Record<string, string>;
  environment?: object;
  steps: { name: string; if?: string }[];
}

let server: OwnServer;
let jobs: Record<'back' | 'build' | 'deploy', Job>;
beforeAll(async () => {
  server = new OwnServer();
  await server.setUp();
  const file = server.files.find(({ blueprint }) => blueprint === 'dashboard-deploy');
  jobs = (load(file?.text ?? '') as { jobs: typeof jobs }).jobs;
});
afterAll(() => server.bench.remove());
beforeEach(() => server.begin());

describe('going back over SSH to a build that the console names', () => {
  it('serves that very release, not a newer one of the same commit and mode, and nothing is built or sent', async () => {
    const first = await server.deploy('ssr', A);
    const again = await server.deploy('ssr', A);
    await server.deploy('ssr', B);
    await server.bench.run('rm build.tar.gz');
    const back = await server.back('ssr', A, releaseOf(first));
    expect([back.status, back.served, server.live()], back.output).toEqual([0, 'true', first]);
    expect([server.releases().length, server.restarts().length, first === again]).toEqual([3, 4, false]);
    expect(existsSync(server.at('up-staging'))).toBe(true);
  });

  it('takes the first of several that is still there, and pruning does not take what it went back to', async () => {
    const first = await server.deploy('ssg', A);
    await server.deploy('ssg', B);
    const back = await server.back('ssg', A, `999-1 ${releaseOf(first)}`);
    expect([back.status, back.served, server.live()], back.output).toEqual([0, 'true', first]);
    for (let more = 0; more < 3; more++) await server.deploy('ssg', B);
    expect(server.releases(), 'it was served a moment ago').toContain(first);
  });

  it('changes nothing and says that it is built where that build is not kept: of another mode, commit, place or run', async () => {
    const only = await server.deploy('ssr', A);
    const run = releaseOf(only);
    for (const [rendering, commit, releases, environment] of [
      ['ssg', A, run, 'staging'],
      ['ssr', B, run, 'staging'],
      ['ssr', A, run, 'production'],
      ['ssr', A, `9${run}`, 'staging'],
      ['ssr', A, `${run}1`, 'staging'],
    ] as const) {
      const { status, output, served } = await server.back(rendering, commit, releases, { ENVIRONMENT: environment });
      expect([status, served], output).toEqual([0, undefined]);
      expect(output).toContain('::notice::That release');
    }
    expect([server.live(), server.releases(), server.restarts().length]).toEqual([only, [only], 1]);
  });

  it('is red where the release is not well by now, and what was served is served again', async () => {
    const first = await server.deploy('ssg', A);
    const second = await server.deploy('ssg', B);
    server.bench.stub('curl', 'exit 22');
    const back = await server.back('ssg', A, releaseOf(first), { PUBLIC_URL: 'https://web.example' });
    server.bench.stub('curl', 'exit 0');
    expect([back.status, back.served, server.live()]).toEqual([1, undefined, second]);
    expect(server.releases(), 'it stays, as it was kept before').toContain(first);
  });

  it.each(['*', '1-1; id', '$(id)-1', '../x', '1'])('takes no other word for a release: %s', async (word) => {
    const only = await server.deploy('ssr', A);
    const back = await server.back('ssr', A, word);
    expect(back).toMatchObject({ status: 1, served: undefined, output: expect.stringContaining('is no release') });
    expect(server.live()).toBe(only);
  });

  it('runs its jobs in turn: the look, in the environment and behind its rules; then, only where that served nothing, the build', () => {
    const { back, build, deploy } = jobs;
    const unserved = "needs.back.outputs.served != 'true'";
    expect(back.if).toBe("${{ inputs.aetherstack_kept != '' }}");
    expect(back.environment).toEqual(deploy.environment);
    expect(back.outputs).toEqual({ served: '${{ steps.back.outputs.served }}' });
    // A job whose `needs` was skipped is skipped as well, unless it asks for itself.
    expect(build).toMatchObject({
      needs: 'back',
      if: `\${{ !failure() && !cancelled() && !inputs.kept && ${unserved} }}`,
    });
    expect(build.environment).toBeUndefined();
    expect(deploy).toMatchObject({ needs: ['back', 'build'], if: `\${{ !failure() && !cancelled() && ${unserved} }}` });
  });
});

describe('going back over SSH by hand', () => {
  it('switches to the release of a commit that is kept, by its short name too, without a build', async () => {
    const first = await server.deploy('ssr', A);
    await server.deploy('ssr', B);
    await server.bench.run('rm build.tar.gz');
    const back = await server.put('ssr', A.slice(0, 7), { KEPT: 'true' });
    expect([back.status, server.live()], back.output).toEqual([0, first]);
    expect([server.releases().length, server.restarts().length]).toEqual([2, 3]);
    expect(jobs.deploy.steps[0]).toMatchObject({ name: 'Fetch the build', if: '${{ !inputs.kept }}' });
  });

  it('is refused where no release of that commit and mode is kept, and half a release is none', async () => {
    const only = await server.deploy('ssr', A);
    await server.bench.run('echo half > build.tar.gz');
    expect((await server.put('ssr', B)).status).not.toBe(0);
    for (const [rendering, commit] of [
      ['ssr', B],
      ['ssg', A],
    ] as const) {
      const none = await server.put(rendering, commit, { KEPT: 'true' });
      expect(none).toMatchObject({ status: 1, output: expect.stringContaining("Deploy it without 'kept'") });
    }
    expect([server.live(), server.releases()]).toEqual([only, [only]]);
    const word = await server.put('ssr', 'main', { KEPT: 'true' });
    expect(word).toMatchObject({ status: 1, output: expect.stringContaining("'main' is no commit") });
  });
});
