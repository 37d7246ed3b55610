import path from 'node:path';
import { loadAll } from 'js-yaml';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { type Bench, stepOf } from './bench';
import type { CheckedFile } from './checkers';
import { unknownFields } from './kubernetes-fields';

export const MODELS = { ConfigMap, Deployment, HorizontalPodAutoscaler, PodDisruptionBudget, Service };

export interface Manifest {
  apiVersion: string;
  kind: keyof typeof MODELS;
  metadata: { name: string };
  spec: { template: { spec: { containers: { image: string; envFrom: { configMapRef?: { name: string } }[] }[] } } };
}

/** What the step “Roll out” would send to a cluster; the files lie on the bench. Throws where the step fails. */
export async function rolledOut(bench: Bench, files: readonly CheckedFile[], image: string): Promise<Manifest[]> {
  const kubectl = await ensureTool('kubectl', 'kubernetes-client');
  // Asks the real kubectl what it would apply; there is no cluster to ask about the rest.
  bench.stub('kubectl', `if [ "$1" = apply ]; then exec ${kubectl} kustomize "$5"; fi`);
  const { status, output } = await bench.run(stepOf(files, 'Roll out'), { IMAGE_REF: image, NAMESPACE: 'test' });
  if (status !== 0) throw new Error(output);
  return loadAll(output) as Manifest[];
}

/** By the validators made from the Kubernetes OpenAPI, and fields that no kind has. */
export function manifestProblems(manifest: Manifest): string[] {
  const unknown = unknownFields(manifest);
  try {
    new MODELS[manifest.kind](manifest as never).validate();
    return unknown;
  } catch (error) {
    return [...unknown, String(error)];
  }
}

/** The step that packages an extension runs the vsce that is installed here: the same version, without a download. */
export function withVsce(bench: Bench): void {
  const vsce = path.resolve('node_modules/@vscode/vsce/vsce');
  bench.stub('git', '[ "$*" = "log -1 --format=%ct" ] && echo 1764201600');
  bench.stub(
    'npx',
    `[ "$1 $2" = "--yes @vscode/vsce@4.1.0" ] || exit 9; shift 2; exec "${process.execPath}" "${vsce}" "$@"`,
  );
}

/** Python's own compiler over what lies on the bench; how many files it took. Throws where it refuses one. */
export async function compiledPython(bench: Bench): Promise<number> {
  const python = await ensureTool('python3');
  const { status, output } = await bench.run(
    `find . -name '*.py' -print0 | xargs -0 "${python}" -m py_compile && find . -name '*.pyc' | wc -l`,
  );
  if (status !== 0) throw new Error(output);
  return Number(output);
}
