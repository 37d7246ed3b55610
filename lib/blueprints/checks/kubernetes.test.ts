import path from 'node:path';
import { loadAll } from 'js-yaml';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import type { BlueprintInput } from '../model/settings';
import { Bench, stepOf } from '../testing/bench';
import { unknownFields } from '../testing/kubernetes-fields';
import { MATRIX } from '../testing/matrix';

const MODELS = { ConfigMap, Deployment, HorizontalPodAutoscaler, PodDisruptionBudget, Service };
const DIGEST = `sha256:${'5'.repeat(64)}`;
const settings = Object.values(MATRIX).filter(
  (each): each is Extract<BlueprintInput, { kind: 'backend' }> =>
    each.kind === 'backend' && each.platform.type === 'kubernetes',
);

interface Manifest {
  apiVersion: string;
  kind: keyof typeof MODELS;
  metadata: { name: string };
  spec: { template: { spec: { containers: { image: string; envFrom: { configMapRef?: { name: string } }[] }[] } } };
}

let bench: Bench;
let kubectl: string;
beforeAll(async () => {
  kubectl = await ensureTool('kubectl', 'kubernetes-client');
}, 300_000);
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

/** What the step “Roll out” would send to a cluster. */
async function rolledOut(each: BlueprintInput, image: string): Promise<Manifest[]> {
  const files = await bench.write(each);
  // Asks the real kubectl what it would apply; there is no cluster to ask about the rest.
  bench.stub('kubectl', `if [ "$1" = apply ]; then exec ${kubectl} kustomize "$5"; fi`);
  const { status, output } = await bench.run(stepOf(files, 'Roll out'), { IMAGE_REF: image, NAMESPACE: 'test' });
  expect([status, output]).toEqual([0, expect.stringContaining('kind: Deployment')]);
  return loadAll(output) as Manifest[];
}

describe('the Kubernetes manifests', () => {
  it.each(settings)('are what the API takes, with no field that it does not have: $platform.cluster', async (each) => {
    const manifests = await rolledOut(each, `registry.example/acme/backend@${DIGEST}`);
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(Object.keys(MODELS));
    for (const manifest of manifests) {
      new MODELS[manifest.kind](manifest as never).validate();
      expect(unknownFields(manifest)).toEqual([]);
    }
  });

  it('run exactly the digest that is deployed, with the settings of this release', async () => {
    const manifests = await rolledOut(settings[0] as never, `registry.example:5000/acme/backend@${DIGEST}`);
    const [container] = manifests.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers ?? [];
    expect(container?.image).toBe(`registry.example:5000/acme/backend@${DIGEST}`);
    const config = manifests.find(({ kind }) => kind === 'ConfigMap')?.metadata.name;
    expect(config).toMatch(/^backend-config-\w{10}$/);
    expect(container?.envFrom[0]?.configMapRef?.name).toBe(config);
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
    const manifests = await rolledOut(settings[0] as never, `acme/backend@${DIGEST}`);
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
