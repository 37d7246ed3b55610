import path from 'node:path';
import { loadAll } from 'js-yaml';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import type { BlueprintInput } from '../model/settings';
import { Bench } from '../testing/bench';
import { MODELS, manifestProblems, rolledOut } from '../testing/builders';
import { unknownFields } from '../testing/kubernetes-fields';
import { MATRIX } from '../testing/matrix';

const DIGEST = `sha256:${'5'.repeat(64)}`;
const settings = Object.values(MATRIX).filter(
  (each): each is Extract<BlueprintInput, { kind: 'backend' }> =>
    each.kind === 'backend' && each.platform.type === 'kubernetes',
);

let bench: Bench;
let kubectl: string;
beforeAll(async () => {
  kubectl = await ensureTool('kubectl', 'kubernetes-client');
}, 300_000);
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

const rollOut = async (each: BlueprintInput, image: string) => rolledOut(bench, await bench.write(each), image);

describe('the Kubernetes manifests', () => {
  it.each(settings)('are what the API takes, with no field that it does not have: $platform.cluster', async (each) => {
    const manifests = await rollOut(each, `registry.example/acme/backend@${DIGEST}`);
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(Object.keys(MODELS));
    expect(manifests.flatMap(manifestProblems)).toEqual([]);
  });

  it('run exactly the digest that is deployed, with the settings of this release', async () => {
    const manifests = await rollOut(settings[0] as never, `registry.example:5000/acme/backend@${DIGEST}`);
    const [container] = manifests.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers ?? [];
    expect(container?.image).toBe(`registry.example:5000/acme/backend@${DIGEST}`);
    const config = manifests.find(({ kind }) => kind === 'ConfigMap')?.metadata.name;
    expect(config).toMatch(/^backend-config-\w{10}$/);
    expect(container?.envFrom[0]?.configMapRef?.name).toBe(config);
    const written = container?.envFrom[1]?.configMapRef;
    expect(written, 'what is written at run time has a name that no deployment changes').toEqual({
      ...{ name: 'backend-settings', optional: true },
    });
  });

  it('lose nothing when kubectl reads them', async () => {
    await bench.write(settings[0] as never);
    const file = path.join(bench.repository, 'backend/kubernetes/deployment.yaml');
    const { output } = await bench.run(`"${kubectl}" set image --local --filename "${file}" backend=x --output json`);
    const [written] = loadAll((await bench.run(`cat "${file}"`)).output) as [Record<string, unknown>];
    expect(JSON.parse(output)).toMatchObject({
      ...written,
      spec: { ...(written.spec as object), template: expect.anything() },
    });
  });

  it('are found out by these checks when they are wrong', async () => {
    const manifests = await rollOut(settings[0] as never, `acme/backend@${DIGEST}`);
    const deployment = structuredClone(manifests.find(({ kind }) => kind === 'Deployment')) as never as {
      apiVersion: string;
      kind: string;
      spec: {
        progressDeadline?: number;
        revisionHistoryLimit: unknown;
        template: { spec: { containers: Record<string, unknown>[] } };
      };
    };
    deployment.spec.progressDeadline = 600;
    Object.assign(deployment.spec.template.spec.containers[0] as object, { readyProbe: {} });
    expect(unknownFields(deployment)).toEqual([
      'Deployment.spec.template.spec.containers.readyProbe',
      'Deployment.spec.progressDeadline',
    ]);
    deployment.spec.revisionHistoryLimit = 'five';
    expect(() => new Deployment(deployment as never).validate()).toThrow('revisionHistoryLimit');
  });
});
