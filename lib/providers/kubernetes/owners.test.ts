import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { type Harness, memoryWorld, wire } from '../conformance/harness';
import { HiddenValue, ProviderError } from '../port';
import { provider } from './adapter';
import { CLUSTER_TOKEN, createKubernetesSimulator } from './simulator';

const CONFIG = 'configmap:production/backend-settings';
const SECRET = 'secret:production/backend-secrets';
const TARGET = {
  ...{ namespace: 'production', deployment: 'backend' },
  ...{ configMapName: 'backend-settings', secretName: 'backend-secrets' },
};
const variable = (name: string, value: string) => ({ kind: 'variable', name, value: new HiddenValue(value) }) as const;
const { configuration } = provider.methods;

/** LOG_LEVEL as somebody owns it there. */
const appliedBy = (body: object, manager: string, operation: 'Apply' | 'Update') => {
  const { metadata } = body as { metadata: object };
  const fieldsV1 = { 'f:data': { 'f:LOG_LEVEL': {} } };
  return { ...body, metadata: { ...metadata, managedFields: [{ manager, operation, fieldsV1 }] } };
};

type Body = Record<string, unknown>;

let serve: typeof globalThis.fetch;
beforeEach(() => {
  const simulator = createKubernetesSimulator(memoryWorld(Date.parse('2026-11-01T12:00:00Z')), { seed: 7 });
  serve = (input, init) => simulator.handle(new Request(input, init));
});

function via(fetch: typeof globalThis.fetch = serve) {
  const good = { kind: 'token', token: new Secret(CLUSTER_TOKEN) } as const;
  const own: Harness = {
    ...{ world: memoryWorld(), fetch, target: TARGET, ref: '', inputs: {}, markers: () => [] },
    ...{ credentials: { good, refused: good, weak: good }, garbled: (inner) => inner },
    isMutation: ({ method }) => method === 'PATCH',
  };
  return wire(provider.manifest, own);
}

const reads = (target: Record<string, unknown>, fetch: typeof globalThis.fetch) =>
  configuration.reads(via(fetch).context, target, 'production');

/** The answer to one path, as somebody else has left it. */
const having =
  (end: string, change: (body: Body) => unknown): typeof globalThis.fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const answer = await serve(request.clone());
    if (request.method !== 'GET' || !new URL(request.url).pathname.endsWith(end)) return answer;
    return Response.json(change((await answer.json()) as Body));
  };
const taking = (...envFrom: unknown[]) =>
  having('/deployments/backend', (body) => {
    const containers = [{ name: 'app', envFrom }];
    return { ...body, spec: { ...(body.spec as Body), template: { spec: { containers } } } };
  });
const refusal = (work: Promise<unknown>): Promise<ProviderError> =>
  work.then(
    () => expect.fail('this should have been refused'),
    (error: unknown) => (error instanceof ProviderError ? error : expect.fail(String(error))),
  );

describe('whose a ConfigMap or a Secret is', () => {
  it('takes away nothing that somebody else applies, and writes over whom no apply of theirs would fail', async () => {
    const setting = { kind: 'variable', name: 'LOG_LEVEL' } as const;
    const theirs = via(having('/configmaps/backend-settings', (body) => appliedBy(body, 'helm', 'Apply')));
    const refused = await refusal(configuration.remove(theirs.context, CONFIG, setting));
    expect([refused.code, theirs.mutations()]).toEqual(['applied_elsewhere', 0]);
    expect(refused.message).toContain('“helm”');
    const over = await refusal(configuration.write(theirs.context, CONFIG, variable('LOG_LEVEL', 'x')));
    expect([over.code, theirs.mutations()]).toEqual(['applied_elsewhere', 0]);
    expect(await configuration.write(theirs.context, CONFIG, variable('FEATURES', 'x')), 'another key').toBe(
      'replaced',
    );
    for (const [manager, operation] of [
      ['kubectl-client-side-apply', 'Update'],
      ['aetherstack:LOG_LEVEL', 'Apply'],
    ] as const) {
      const line = via(having('/configmaps/backend-settings', (body) => appliedBy(body, manager, operation)));
      expect(await configuration.write(line.context, CONFIG, variable('LOG_LEVEL', manager))).toBe('replaced');
    }
  });

  it('a source that may be left out is an empty place, which says how it is made; any other is trouble', async () => {
    const optional = { name: 'left-out', optional: true };
    const settings = { ...TARGET, secretName: 'left-out' };
    const [, left] = (await reads(settings, taking({ secretRef: optional }))).places;
    expect(left).toMatchObject({ id: 'secret:production/left-out', scope: 'secret' });
    expect(left?.absent).toMatch(/does without it \(optional\).*kubectl create secret generic left-out -n production/);
    const there = taking({ configMapRef: { name: 'backend-settings', optional: true } });
    expect((await reads(TARGET, there)).places[1]).toMatchObject({ id: CONFIG, absent: null });
    const twice = await reads(
      settings,
      taking({ secretRef: optional }, { prefix: 'A_', secretRef: { name: 'left-out' } }),
    );
    expect(twice.places.slice(1, 3).map(({ absent }) => absent)).toEqual([null, null]);
  });

  it('asks that nothing on the way keeps what it reads', async () => {
    const kept: (string | null)[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      kept.push(request.headers.get('cache-control'));
      return serve(request);
    };
    await configuration.list(via(fetch).context, SECRET);
    expect(kept).toEqual(['no-store']);
  });
});
