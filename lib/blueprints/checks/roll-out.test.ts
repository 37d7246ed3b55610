import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

/** A roll-out that ended green while the code from before went on serving is the worst that a workflow can say. */
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

const IMAGE = `acme/backend@sha256:${'a'.repeat(64)}`;
const stepFor = async (label: string) => stepOf(await bench.write(MATRIX[label] as never), 'Roll out');
const calls = () => readFileSync(path.join(bench.folder, 'calls'), 'utf8');

describe('at ECS', () => {
  /** The service as it is after the wait, and the containers of its task definition. */
  async function rollOut(containers: string[], after: string, wanted = '') {
    const definition = {
      family: 'backend',
      revision: 7,
      containerDefinitions: containers.map((name) => ({ name, image: 'old' })),
    };
    const task = JSON.stringify({ taskDefinition: definition, tags: [{ key: 'team', value: 'core' }] });
    bench.stub(
      'aws',
      `case "$2" in
describe-services) case "$*" in *PRIMARY*) echo ${after} ;; *) echo backend:7 ;; esac ;;
describe-task-definition) echo '${task}' ;;
register-task-definition) echo backend:8 ;;
esac`,
    );
    const env = { CLUSTER: 'main', SERVICE: 'backend', IMAGE_REF: IMAGE, ECS_CONTAINER: wanted };
    const ran = await bench.run(await stepFor('backend: ECR to ECS'), env);
    const images = () => {
      const { containerDefinitions, tags, revision } = JSON.parse(
        readFileSync(path.join(bench.repository, 'next.json'), 'utf8'),
      ) as { containerDefinitions: { name: string; image: string }[]; tags: unknown; revision?: number };
      return {
        images: Object.fromEntries(containerDefinitions.map(({ name, image }) => [name, image])),
        tags,
        revision,
      };
    };
    return { ...ran, images };
  }

  it('the container of the component gets the image, wherever it stands, and tags stay', async () => {
    const ran = await rollOut(['log-router', 'backend'], 'backend:8');
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.images()).toEqual({
      images: { 'log-router': 'old', backend: IMAGE },
      tags: [{ key: 'team', value: 'core' }],
      revision: undefined,
    });
    expect((await rollOut(['web'], 'backend:8')).images().images).toEqual({ web: IMAGE });
    expect((await rollOut(['web', 'proxy'], 'backend:8', 'web')).images().images).toEqual({ web: IMAGE, proxy: 'old' });
  });

  it.each([
    [['web', 'proxy'], ''],
    [['backend'], 'typo'],
  ])('which of %j is not guessed (%s)', async (containers, wanted) => {
    expect(await rollOut(containers, 'backend:8', wanted)).toMatchObject({
      status: 1,
      output: expect.stringContaining('::error::Say which container'),
    });
  });

  it('a service that was rolled back has failed, however stable it is', async () => {
    expect(await rollOut(['backend'], 'backend:7')).toMatchObject({
      status: 1,
      output: expect.stringContaining('::error::The service runs backend:7 and not backend:8'),
    });
  });
});

it('at Cloud Run traffic goes to what was deployed, also where it was pinned', async () => {
  bench.stub('gcloud', `echo "$@" >> ${bench.folder}/calls`);
  expect(
    await bench.run(await stepFor('backend: Artifact Registry to Cloud Run'), { SERVICE: 'backend', IMAGE_REF: IMAGE }),
  ).toMatchObject({ status: 0 });
  expect(calls()).toMatch(
    /^run deploy backend .*\nrun services update-traffic backend --to-latest --region europe-west1 --quiet\n$/,
  );
});

describe('at Container Apps', () => {
  async function rollOut(state: { ready: string; mode: string }) {
    bench.stub('sleep', 'true');
    bench.stub(
      'az',
      `echo "$@" >> ${bench.folder}/calls
case "$*" in
*latestRevisionName*) echo backend--8 ;;
*latestReadyRevisionName*) echo ${state.ready} ;;
*activeRevisionsMode*) echo ${state.mode} ;;
*ingress.fqdn*) echo backend.example ;;
esac`,
    );
    return bench.run(await stepFor('backend: Docker Hub to Container Apps'), {
      GROUP: 'g',
      APP: 'backend',
      IMAGE_REF: IMAGE,
    });
  }

  it('a revision that does not start has failed', async () => {
    expect(await rollOut({ ready: 'backend--7', mode: 'Single' })).toMatchObject({
      status: 1,
      output: expect.stringContaining('::error::backend--8 did not become ready'),
    });
  });

  it('one that started is live; where several run at once it gets the traffic', async () => {
    expect(await rollOut({ ready: 'backend--8', mode: 'Single' })).toMatchObject({ status: 0 });
    expect(calls()).not.toContain('traffic');
    expect(await rollOut({ ready: 'backend--8', mode: 'Multiple' })).toMatchObject({ status: 0 });
    expect(calls()).toContain(
      'containerapp ingress traffic set --resource-group g --name backend --revision-weight latest=100',
    );
  });
});

describe('the name of an image by its commit', () => {
  const name = async (create: string, inspect: string) => {
    bench.stub('docker', `case "$*" in *create*) ${create} ;; *inspect*) ${inspect} ;; esac`);
    const step = stepOf(await bench.write(MATRIX['backend: ECR to ECS'] as never), 'Name the digest by its commit');
    return bench.run(step, { IMAGE: 'acme/backend', REVISION: 'abc1234', DIGEST: 'sha256:1' });
  };

  it('stays with an earlier build of it where names are not moved, and the digest is deployed', async () => {
    expect(await name('exit 0', 'exit 1')).toEqual({ status: 0, output: '' });
    expect(await name('exit 1', 'exit 0')).toMatchObject({ status: 0, output: expect.stringContaining('::notice::') });
  });

  it('a registry that takes no name at all fails the build', async () => {
    expect(await name('exit 1', 'exit 1')).toMatchObject({ status: 1 });
  });
});
