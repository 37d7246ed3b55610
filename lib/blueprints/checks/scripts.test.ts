import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

const DIGEST = `sha256:${'a'.repeat(64)}`;
let bench: Bench;
beforeAll(() => {
  bench = new Bench();
});
afterAll(() => bench.remove());

describe('the step that chooses the image', () => {
  const choose = async (chosen: string, digest: string) => {
    const script = stepOf(await bench.write(MATRIX['backend: ECR to ECS'] as never), 'Which image');
    const { status, output } = await bench.run(script, { CHOSEN: chosen, DIGEST: digest });
    return { status, output, env: readFileSync(path.join(bench.folder, 'github-env'), 'utf8') };
  };
  const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/backend';

  it('takes what was just built, or what was chosen', async () => {
    expect(await choose('', DIGEST)).toMatchObject({ status: 0, env: `IMAGE_REF=${image}@${DIGEST}\n` });
    expect(await choose(`${image}@${DIGEST}`, '')).toMatchObject({ status: 0, env: `IMAGE_REF=${image}@${DIGEST}\n` });
  });

  it.each([
    ['a tag', `${image}:latest`],
    ['another image', `evil.example/acme/backend@${DIGEST}`],
    ['a second line', `${image}@${DIGEST}\nPATH=/tmp`],
    ['a command', `${image}@${DIGEST}$(touch pwned)`],
    ['half a digest', `${image}@sha256:aaaa`],
  ])('refuses %s', async (_, chosen) => {
    expect(await choose(chosen, '')).toMatchObject({
      status: 1,
      env: '',
      output: expect.stringContaining('::error::Give the image as'),
    });
  });
});

describe('the step that publishes a version of the docs', () => {
  it('takes no version that could be an option or a command', async () => {
    const script = stepOf(await bench.write(MATRIX['docs: versions'] as never), 'Publish');
    bench.stub('git', 'true');
    bench.stub('mike', 'printf "%s|" "$@"; echo');
    const good = await bench.run(script, { VERSION: '1.4', ALIAS: 'stable', SET_DEFAULT: 'true' });
    expect(good.output).toBe(
      'deploy|--config-file|docs/mkdocs.yml|--push|--update-aliases|1.4|stable|\nset-default|--config-file|docs/mkdocs.yml|--push|1.4|\n',
    );
    for (const VERSION of ['--help', '1.4; id', '', '1.4\n']) {
      expect(await bench.run(script, { VERSION, ALIAS: '', SET_DEFAULT: 'false' })).toMatchObject({ status: 1 });
    }
  });
});
