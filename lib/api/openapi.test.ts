import { globSync, readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { ANSWERS } from './answers';
import { openApi } from './openapi';
import { verbOf } from './route';
import { ROUTES } from './routes';
import { serveDocument } from './serve-document';

interface Operation {
  operationId: string;
  parameters: { name: string }[];
}
type Paths = Record<string, Record<string, Operation>>;

const document = openApi({ closed: true }) as { paths: Paths };
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
      .filter((folder) => !['/openapi.json', '/events', '/[[...path]]'].includes(folder));
    const asPaths = folders.map((folder) => folder.replace(/\[(\w+)\]/g, '{$1}'));
    expect([...asPaths, '/events'].sort()).toEqual(Object.keys(document.paths).sort());
    for (const [at, folder] of folders.entries()) {
      const text = readFileSync(`app/api/v1${folder}/route.server.ts`, 'utf8');
      expect(text).toContain(`export const { GET, POST, PUT, PATCH, DELETE } = apiRoute('${asPaths[at]}');`);
    }
  });

  test('leaves nothing out that the console does, but what docs/api.md names with its reason', async () => {
    const domains = (file: string) => globSync(`lib/*/${file}`).map((found) => found.split(/[\\/]/)[1] ?? '');
    const modules: object[] = await Promise.all([
      ...domains('commands.ts').map((domain) => import(`../${domain}/commands.ts`)),
      ...domains('queries.ts').map((domain) => import(`../${domain}/queries.ts`)),
    ]);
    const verbs = modules.flatMap((module) => Object.values(module)).map((each) => nameOf(each));
    const known = new Set(ROUTES.map((route) => verbOf(route).name));
    const left = verbs.filter((name) => !known.has(name)).sort();
    const section = readFileSync('docs/api.md', 'utf8').split('## Not over the API')[1]?.split('\n## ')[0] ?? '';
    // Each with its reason; what is no verb at all is not called left out either.
    const named = [...section.matchAll(/^\| (`[^|]+) \| [^|]{20,} \|$/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([\w-]+\.[\w-]+)`/g)].map(([, name]) => name),
    );
    expect(named.sort()).toEqual(left);
  });

  test('every list that comes in pages takes a cursor and a limit, and stands in the documentation', () => {
    const pages = ROUTES.filter(
      (route) => route.kind === 'read' && 'nextCursor' in ((ANSWERS[route.answer] as { shape?: object }).shape ?? {}),
    );
    const lists = readFileSync('docs/api.md', 'utf8').split('**Lists that grow**')[1]?.split('\n- ')[0] ?? '';
    expect([...lists.matchAll(/`(\/[^`]+)`/g)].map(([, path]) => path).sort()).toEqual(
      pages.map(({ path }) => path).sort(),
    );
    for (const { path } of pages) {
      const names = document.paths[path]?.['get']?.parameters.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['cursor', 'limit']));
    }
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
