import { globSync, readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from './openapi';
import { verbOf } from './route';
import { ROUTES } from './routes';
import { serveDocument } from './serve-document';
import { type ApiWorld, apiWorld, stubServerEnv } from './testing/api-world';

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}
type Paths = Record<string, Record<string, Operation>>;

const document = openApi({ closed: true }) as { paths: Paths };
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'api');

/** What is wrong with an answer, by the document; empty when nothing is. */
function problems(path: string, method: string, status: number, value: unknown): unknown[] {
  const operation = document.paths[path]?.[method];
  const response = operation?.responses[status] ?? {
    content: { '': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const ref = Object.values(response.content ?? {})[0]?.schema.$ref;
  if (!ref) return [`no schema for ${method} ${path} ${status}`];
  const validate = ajv.compile({ $ref: `api${ref}` });
  return validate(value) ? [] : (validate.errors ?? []);
}

/** A command is its definition; a query carries it. */
function nameOf(exported: object): string {
  const definition = 'definition' in exported ? exported.definition : exported;
  return (definition as { name: string }).name;
}

describe('the OpenAPI document', () => {
  test('is a valid OpenAPI 3.1 document, open and closed', async () => {
    for (const made of [openApi(), document]) {
      const answer = await new Validator().validate(JSON.parse(JSON.stringify(made)));
      expect(answer.errors ?? []).toEqual([]);
      expect(answer.valid).toBe(true);
    }
  });

  test('has a path for every folder of app/api/v1, and a folder for every path', () => {
    const folders = globSync('app/api/v1/**/route.server.ts')
      .map((file) => file.replaceAll('\\', '/').replace('app/api/v1', '').replace('/route.server.ts', ''))
      .filter((folder) => !['/openapi.json', '/events', '/[...path]'].includes(folder));
    const asPaths = folders.map((folder) => folder.replace(/\[(\w+)\]/g, '{$1}'));
    expect([...asPaths, '/events'].sort()).toEqual(Object.keys(document.paths).sort());
    for (const [at, folder] of folders.entries()) {
      const text = readFileSync(`app/api/v1${folder}/route.server.ts`, 'utf8');
      expect(text).toContain(`export const { GET, POST, PUT, PATCH, DELETE } = apiRoute('${asPaths[at]}');`);
    }
  });

  test('leaves nothing out that the console does, but what decides whom to trust', async () => {
    const domains = (file: string) => globSync(`lib/*/${file}`).map((found) => found.split(/[\\/]/)[1] ?? '');
    const modules: object[] = await Promise.all([
      ...domains('commands.ts').map((domain) => import(`../${domain}/commands.ts`)),
      ...domains('queries.ts').map((domain) => import(`../${domain}/queries.ts`)),
    ]);
    const verbs = modules.flatMap((module) => Object.values(module)).map((each) => nameOf(each));
    const known = new Set(ROUTES.map((route) => verbOf(route).name));
    expect(verbs.filter((name) => !known.has(name)).sort()).toEqual([
      // Which pages begin; over HTTP each route answers 404 itself.
      'address.find',
      // What the provider trusts: a token could send a credential elsewhere, or put its own in the place of ours.
      'connection.budget',
      'connection.create',
      'connection.end-webhook-rotation',
      'connection.remove',
      'connection.replay-delivery',
      'connection.set-authorities',
      'connection.set-credential',
      'connection.set-webhook-secret',
      'connection.update',
      'connection.verify',
      // Text for Prometheus, at /api/metrics.
      'console.metrics',
      // Answered at the provider as a person, by what is that person's alone.
      'deployment.answer-gate',
      // For good, with reviews and counts: a fresh proof and people who agree.
      'extension.unpublish',
      // The tokens of the gallery: the same, for what developers' machines run.
      'gallery.create-token',
      'gallery.revoke-token',
      'gallery.tokens',
      // Whom the console trusts: a one-time link or a role is a takeover, and a token cannot prove afresh who it is.
      'member.disable',
      'member.enable',
      'member.end-sessions',
      'member.invite',
      'member.renew-link',
      'member.set-grants',
      // What belongs to a browser's session.
      'own-token.check',
      'own-token.list',
      'own-token.remove',
      'own-token.store',
      'session.end-own',
      'session.list-own',
      'session.prove',
      'token.create',
      'token.list',
      'token.revoke',
    ]);
  });

  test('names every operation once, and no two routes share method and path', () => {
    const places = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(places.filter((place, at) => places.indexOf(place) !== at)).toEqual([]);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    // And the stream, which is no line of the table.
    expect(ids.length).toBe(ROUTES.length + 1);
  });

  test('is built once, and not sent again to whoever has it', async () => {
    const ask = (tag?: string) =>
      serveDocument(new Request('https://a.dev/', tag === undefined ? {} : { headers: { 'If-None-Match': tag } }));
    const first = ask();
    const tag = first.headers.get('etag') ?? '';
    expect(await first.json()).toEqual(JSON.parse(JSON.stringify(openApi())));
    expect(ask(`W/${tag}`).status).toBe(304);
    expect(ask('"other"').status).toBe(200);
  });

  test('requires the key wherever a new deployment is made', () => {
    const required = Object.entries(document.paths).flatMap(([path, { post }]) =>
      JSON.stringify(post ?? {}).includes('"name":"Idempotency-Key","in":"header","required":true') ? [path] : [],
    );
    const makes = ROUTES.flatMap((route) =>
      route.kind === 'change' && ['Triggered', 'PublishedTo'].includes(route.answer ?? '') ? [route.path] : [],
    );
    expect(required.sort()).toEqual(makes.sort());
    expect(required).toContain('/deployments/{deploymentId}/retry');
  });

  test('asks for the key exactly where a deployment is made, and never for what is in the address or the header', () => {
    const text = JSON.stringify(openApi());
    expect(text).toContain('Idempotency-Key');
    for (const [path, operations] of Object.entries(document.paths))
      for (const operation of Object.values(operations)) {
        const body = JSON.stringify((operation as { requestBody?: unknown }).requestBody ?? {});
        expect(body, path).not.toContain('"idempotencyKey":{"type":"string","minLength":8');
        for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(body, path).not.toContain(`"${name}":{`);
      }
  });
});

describe('real answers', () => {
  let world: ApiWorld;
  let token: string;
  let deploymentId: string;
  beforeAll(async () => {
    world = await apiWorld();
    stubServerEnv(world);
    token = await world.token();
    deploymentId = await world.deployed('done');
    await world.deployed('failed', { target: 'production' });
  });
  afterAll(() => world.close());

  test.each([
    ['/now', '/now'],
    ['/waiting', '/waiting'],
    ['/matrix', '/matrix'],
    ['/components/{slug}', '/components/backend'],
    ['/deployments', '/deployments'],
    ['/deployments/{deploymentId}', '/deployments/:id'],
    ['/targets/{targetId}/composer', '/targets/tgt_staging/composer'],
    ['/targets/{targetId}/plan', '/targets/tgt_staging/plan?ref=main'],
    ['/targets/{targetId}/revisions', '/targets/tgt_staging/revisions?query=main'],
    ['/targets/{targetId}/commits', '/targets/tgt_staging/commits?ref=main'],
    ['/targets/{targetId}/roll-back', '/targets/tgt_staging/roll-back'],
    ['/holds', '/holds'],
    ['/environments/{environmentId}/policy', '/environments/env_staging/policy'],
    ['/estate', '/estate'],
    ['/estate/progress', '/estate/progress'],
    ['/me', '/me'],
    ['/members', '/members'],
    ['/connections', '/connections'],
    ['/connections/{id}/quota', '/connections/con_1/quota'],
    ['/connections/{id}/service-status', '/connections/con_1/service-status'],
    ['/connections/{id}/capacity', '/connections/con_1/capacity'],
    ['/targets/{targetId}/service-status', '/targets/tgt_staging/service-status'],
    ['/deployments/{deploymentId}/reasons', '/deployments/:id/reasons'],
    ['/deployments/{deploymentId}/failure', '/deployments/:id/failure'],
    ['/components/{slug}/site', '/components/backend/site'],
    ['/connections/{id}/deliveries', '/connections/con_1/deliveries'],
    ['/doctor', '/doctor'],
    ['/dora', '/dora'],
    ['/dora/rows', '/dora/rows?metric=failure_rate&environment=staging'],
    ['/health', '/health?environment=staging'],
    ['/releases', '/releases'],
    ['/subscriptions', '/subscriptions'],
    ['/audit', '/audit'],
    ['/audit/status', '/audit/status'],
  ])('of GET %s (%s) are what the document says, with nothing more', async (path, address) => {
    const answer = await world.call(`GET ${address.replace(':id', deploymentId)}`, { token });
    const value: unknown = await answer.json();
    expect(answer.status, JSON.stringify(value).slice(0, 300)).toBe(200);
    expect(problems(path, 'get', 200, value)).toEqual([]);
  });

  test.each([
    ['/deployments/{deploymentId}', '/deployments/dep_nothing', 404],
    ['/deployments', '/deployments?limit=0', 400],
    ['/components/{slug}', '/components/nothing', 404],
  ])('of a refused GET %s (%s) too: %i', async (path, address, status) => {
    const answer = await world.call(`GET ${address}`, { token });
    expect(answer.status).toBe(status);
    expect(problems(path, 'get', status, await answer.json())).toEqual([]);
  });

  test('of changes too', async () => {
    const key = 'openapi-test-key';
    const body = {
      targetId: 'tgt_staging',
      revision: { ref: 'main', refKind: 'branch', sha: world.vendor.head },
      inputs: { level: 'debug' },
    };
    const made = await world.call('POST /deployments', { token, body, key });
    expect(made.status).toBe(201);
    const triggered = (await made.json()) as { deploymentId: string };
    expect(problems('/deployments', 'post', 201, triggered)).toEqual([]);
    const cancelled = await world.call(`POST /deployments/${triggered.deploymentId}/cancel`, { token });
    expect(problems('/deployments/{deploymentId}/cancel', 'post', cancelled.status, await cancelled.json())).toEqual(
      [],
    );
    const refused = await world.call('POST /locks', { token, body: {} });
    expect(problems('/locks', 'post', refused.status, await refused.json())).toEqual([]);
  });

  test('the checker is no rubber stamp', async () => {
    const now = (await (await world.call('GET /now', { token })).json()) as Record<string, unknown>;
    expect(problems('/now', 'get', 200, { ...now, extra: 1 })).not.toEqual([]);
    expect(problems('/now', 'get', 200, { ...now, pins: null })).not.toEqual([]);
  });
});
