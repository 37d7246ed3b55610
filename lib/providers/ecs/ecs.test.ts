import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, type WireOptions, wire } from '../conformance/harness';
import { OpenApi } from '../conformance/openapi';
import { createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { HiddenValue, type ProviderContext } from '../port';
import { provider } from './adapter';
import { createEcsSimulator, type EcsSimulator } from './simulator';

type Json = Record<string, unknown>;

const file = path.join(import.meta.dirname, 'fixtures/openapi.json');
const contract = JSON.parse(readFileSync(file, 'utf8'));
const named = new Set<string>(Object.values(contract['x-errors'] as Record<string, string[]>).flat());
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html */
for (const common of ['ThrottlingException', 'UnrecognizedClientException', 'InvalidSignatureException'])
  named.add(common);
const spec = createSpecCheck(new OpenApi(contract), {
  ...{ generalStatuses: [400, 500, 502, 503], extraMedia: {}, extraStatuses: {}, freeParameters: [], defects: {} },
  isProblem: (body) => named.has(String((body as Json | null)?.__type)),
});
const operationOf = (request: Request) => (request.headers.get('x-amz-target') ?? '').split('.')[1] ?? '';
const PRODUCTION = { cluster: 'aetherstack', service: 'backend', container: 'app' };

/** The protocol has one address: the operation stands in a header, and in the contract's paths. */
async function exchange(request: Request, answer: Response): Promise<string[]> {
  const [sent, got] = [await request.clone().text(), await answer.clone().text()];
  return spec.check(
    { method: 'POST', path: `/${operationOf(request)}`, body: JSON.parse(sent) },
    { status: answer.status, headers: answer.headers, body: JSON.parse(got) },
  );
}

interface Own extends Harness {
  simulator: EcsSimulator;
  /** Operations in order, with what they were asked with. */
  asked: { operation: string; input: Json }[];
  /** Something that happens elsewhere right before an operation is answered. */
  before: Map<string, () => Promise<void>>;
}

async function harness(): Promise<Own> {
  const world = memoryWorld();
  const simulator = createEcsSimulator(world, { seed: 7 });
  const violations: string[] = [];
  const asked: Own['asked'] = [];
  const before: Own['before'] = new Map();
  const key = ({ id, secret }: { id: string; secret: string }) =>
    ({ kind: 'basic', username: id, password: new Secret(secret), tokenOrigin: null }) as const;
  return {
    ...{ world, simulator, asked, before },
    fetch: breaking(async (input, init) => {
      const request = new Request(input, init);
      const operation = operationOf(request);
      asked.push({ operation, input: JSON.parse(await request.clone().text()) });
      await before.get(operation)?.();
      const answer = await simulator.handle(request.clone());
      violations.push(...(await exchange(request, answer)));
      return answer;
    }),
    target: PRODUCTION,
    ref: 'main',
    inputs: {},
    credentials: {
      good: key(simulator.keys.good),
      refused: key({ id: `AK${'IA'}NOBODYKNOWS00000`, secret: 'not-known-0000' }),
      weak: key(simulator.keys.weak),
    },
    isMutation: (request) => operationOf(request) === 'UpdateService',
    markers: () => [],
    garbled: (inner) => inner,
    assertContract: () => expect(violations.join('\n')).toBe(''),
  };
}

conformance(provider, harness);

describe('what is peculiar to Amazon ECS', () => {
  let own: Own;
  const { configuration } = provider.methods;
  const via = (more: WireOptions = {}) => wire(provider.manifest, own, more);
  const PLACE = 'aetherstack/backend/app';
  const write = (name: string, value: string, c: ProviderContext = via().context, place = PLACE) =>
    configuration.write(c, place, { kind: 'variable', name, value: new HiddenValue(value) });
  const list = async (place = PLACE) => configuration.list(via().context, place);
  const operations = () => own.asked.map(({ operation }) => operation);
  const registered = () => own.asked.find(({ operation }) => operation === 'RegisterTaskDefinition')?.input;
  /** What AWS answers, with something in it changed. */
  const changing = (operation: string, change: (text: string) => string): WireOptions => ({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const answer = await own.fetch(request.clone());
      if (operationOf(request) !== operation) return answer;
      return new Response(change(await answer.text()), { status: answer.status, headers: answer.headers });
    },
  });
  const refusing = (operation: string, status: number, body: Json): WireOptions => ({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      return operationOf(request) === operation ? Response.json(body, { status }) : own.fetch(request);
    },
  });

  beforeEach(async () => {
    own = await harness();
  });
  afterEach(() => own.assertContract?.());

  it('a service is one place for each container, and the only essential one is meant where none is named', async () => {
    const reads = async (config: Json) => (await configuration.reads(via().context, config, 'production')).places[0];
    const [whole, short] = [await reads(PRODUCTION), await reads({ cluster: 'aetherstack', service: 'backend' })];
    expect(short).toEqual(whole);
    expect(whole).toMatchObject({ id: PLACE, label: 'backend in aetherstack → app' });
    const staging = await reads({ cluster: 'aetherstack', service: 'backend-staging' });
    expect(staging).toMatchObject({ label: 'backend-staging in aetherstack' });
    expect(staging?.identity).not.toBe(whole?.identity);
  });

  it.each([
    [{ ...PRODUCTION, container: 'nothing' }, 'no_container', /there are: app, log-router/],
    [{ ...PRODUCTION, service: 'nothing' }, 'not_found', /no service nothing in aetherstack/],
    [{ ...PRODUCTION, cluster: 'nothing' }, 'not_found', /in this region/],
    [{ ...PRODUCTION, cluster: '../x' }, 'bad_target', /not its ARN/],
  ])('%j is refused with what to mend', async (config, code, sentence) => {
    const refused = async () => configuration.reads(via().context, config, 'production');
    await expect(refused()).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) });
  });

  it('says which containers there are where several are essential, and that files with variables are not read', async () => {
    const both = changing('DescribeTaskDefinition', (text) => text.replace('"essential":false', '"essential":true'));
    const unnamed = { cluster: 'aetherstack', service: 'backend' };
    const refused = configuration.reads(via(both).context, unnamed, 'production');
    await expect(refused).rejects.toMatchObject({
      code: 'several_containers',
      message: expect.stringMatching(/app, log/),
    });
    const files = '"environmentFiles":[{"value":"arn:aws:s3:::x/prod.env","type":"s3"}],"environment"';
    const withFiles = changing('DescribeTaskDefinition', (text) => text.replace('"environment"', files));
    expect(await configuration.reads(via(withFiles).context, PRODUCTION, 'p')).toMatchObject({ complete: false });
    expect(await configuration.reads(via().context, PRODUCTION, 'p')).toMatchObject({ complete: true });
  });

  it('variables have values and since when they are so, secrets a name alone', async () => {
    const entries = await list();
    expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'variable LOG_LEVEL',
      'variable REGION',
      'secret SIGNING_KEY',
      'secret MAIL_API_KEY',
    ]);
    const [level, region, key] = entries;
    expect([level?.value?.reveal(), region?.value?.reveal(), key?.value]).toEqual(['warning', 'us-east-1', null]);
    // It is the same since the second revision, the other one since the first.
    expect(Date.parse(level?.updatedAt ?? '') - Date.parse(region?.updatedAt ?? '')).toBe(86_400_000);
    expect(key?.updatedAt).toBeNull();
    expect(JSON.stringify(entries)).not.toMatch(/warning|arn:aws/);
  });

  it('what is the same for longer than is looked back has no time', async () => {
    for (const value of ['a', 'b', 'c']) await write('OTHER', value);
    const [level, region] = await list();
    expect([level?.updatedAt, region?.updatedAt]).toEqual([null, null]);
  });

  it('a revision differs in that variable alone, and the service moves to it by one request, the last', async () => {
    const line = via();
    expect(await write('LOG_LEVEL', 'a "b"\n c', line.context)).toBe('replaced');
    expect(operations()).toEqual([
      'DescribeServices',
      'DescribeTaskDefinition',
      'RegisterTaskDefinition',
      'DescribeServices',
      'UpdateService',
    ]);
    expect(line.mutations()).toBe(1);
    const { taskDefinition, tags } = await lastDescribed('backend:3');
    const { containerDefinitions, ...same } = registered() ?? {};
    for (const [name, value] of Object.entries({ ...same, tags: undefined }))
      if (value !== undefined) expect(value, name).toEqual(taskDefinition[name]);
    expect(same.tags).toEqual(tags);
    const [app, router] = taskDefinition.containerDefinitions as Json[];
    const environment = [
      { name: 'LOG_LEVEL', value: 'a "b"\n c' },
      { name: 'REGION', value: 'us-east-1' },
    ];
    expect(containerDefinitions).toEqual([{ ...app, environment }, router]);
    expect(own.simulator.services()[0]?.runs).toBe('backend:4');
    expect(own.asked.find(({ operation }) => operation === 'UpdateService')?.input).toEqual({
      ...{ cluster: 'aetherstack', service: 'backend' },
      taskDefinition: expect.stringMatching(/:task-definition\/backend:4$/),
    });
  });

  async function lastDescribed(name: string): Promise<{ taskDefinition: Json; tags: unknown }> {
    const described: { taskDefinition: Json; tags: unknown }[] = [];
    const look = changing('DescribeTaskDefinition', (text) => {
      described.push(JSON.parse(text));
      return text;
    });
    await configuration.list(via(look).context, PLACE);
    return (
      described.find(({ taskDefinition }) => String(taskDefinition.taskDefinitionArn).endsWith(name)) ??
      expect.fail(`no ${name}`)
    );
  }

  it('a deployment that comes in between is not undone', async () => {
    own.before.set('RegisterTaskDefinition', async () => {
      await own.world.record({
        at: own.world.now(),
        kind: 'ecs.updated',
        data: { service: 'backend', runs: 'backend:2' },
      });
    });
    const line = via();
    await expect(write('LOG_LEVEL', 'error', line.context)).rejects.toMatchObject({
      ...{ kind: 'rejected', code: 'changed_meanwhile', ambiguous: false },
      message: expect.stringMatching(/nothing was changed.*backend:4 was made and nobody uses it/),
    });
    expect(line.mutations()).toBe(0);
    expect(own.simulator.services()[0]?.runs).toBe('backend:2');
  });

  it.each([
    ['by a tag', 'DescribeTaskDefinition', (text: string) => text.replace(/@sha256:1*2*3+/, ':main'), 'image_by_tag'],
    [
      'beside a sidecar by a tag',
      'DescribeTaskDefinition',
      (text: string) => text.replace(/fluent-bit@sha256:b+/, 'fluent-bit:stable'),
      'image_by_tag',
    ],
    ['at this moment', 'DescribeServices', (text: string) => text.replace('COMPLETED', 'IN_PROGRESS'), 'not_settled'],
  ])('what is deployed %s is not touched', async (_, operation, change, code) => {
    const line = via(changing(operation, change));
    const { places } = await configuration.reads(line.context, PRODUCTION, 'production');
    const message = `Nothing was changed. ${places[0]?.notNow}`;
    await expect(write('LOG_LEVEL', 'error', line.context)).rejects.toMatchObject({ kind: 'rejected', code, message });
    expect(operations()).not.toContain('RegisterTaskDefinition');
  });

  it('a deployment that failed is told with what is shown', async () => {
    const line = via(changing('DescribeServices', (text) => text.replace('COMPLETED', 'FAILED')));
    const { places, problem } = await configuration.reads(line.context, PRODUCTION, 'production');
    expect([places.length, problem]).toEqual([1, expect.stringContaining('not all of its tasks run')]);
  });

  it('a deployment that begins while the revision is made is not undone, though the definition is the same', async () => {
    const begun = changing('DescribeServices', (text) =>
      operations().includes('RegisterTaskDefinition') ? text.replace('COMPLETED', 'IN_PROGRESS') : text,
    );
    await expect(write('X', 'y', via(begun).context)).rejects.toMatchObject({ code: 'changed_meanwhile' });
    expect(operations()).not.toContain('UpdateService');
  });

  it('a secret is written where it is kept, and a name that is one does not become a variable', async () => {
    const secret = { kind: 'secret', name: 'NEW_KEY', value: new Secret('some value') } as const;
    await expect(configuration.write(via().context, PLACE, secret)).rejects.toMatchObject({
      ...{
        code: 'secret_elsewhere',
        message: expect.stringMatching(/Secrets Manager.*--cluster aetherstack --service backend/),
      },
    });
    expect(own.asked).toEqual([]);
    await expect(write('SIGNING_KEY', 'x')).rejects.toMatchObject({ code: 'other_kind' });
    const gone = configuration.remove(via().context, PLACE, { kind: 'secret', name: 'SIGNING_KEY' });
    await expect(gone).rejects.toMatchObject({ code: 'other_kind' });
    expect(operations()).not.toContain('RegisterTaskDefinition');
  });

  it('where no revision could be made nothing is unclear, since nothing runs from it', async () => {
    const line = via(refusing('RegisterTaskDefinition', 502, {}));
    await expect(write('X', 'y', line.context)).rejects.toMatchObject({ kind: 'unavailable', ambiguous: false });
    expect(line.mutations()).toBe(0);
  });

  it('a look is counted as a read, however many, and the secret is sent to nobody', async () => {
    const sent: Headers[] = [];
    const line = via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        sent.push(request.headers);
        return own.fetch(request);
      },
    });
    await configuration.list(line.context, PLACE);
    expect(sent.some((headers) => headers.has('x-aether-reading'))).toBe(false);
    expect(JSON.stringify(sent.map((headers) => [...headers]))).not.toContain(own.simulator.keys.good.secret);
  });

  it('the check names the key by its end alone, and tells a right that is missing without refusing the key', async () => {
    const report = await provider.verifyCredential(via().context);
    expect(report.account).toBe('access key …LE00 in us-east-1');
    const body = { __type: 'AccessDeniedException', message: 'no' };
    const narrow = await provider.verifyCredential(via(refusing('DescribeClusters', 400, body)).context);
    expect(narrow).toMatchObject({ ok: true, problems: [expect.stringMatching(/ecs:DescribeClusters/)] });
  });
});
