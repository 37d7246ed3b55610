import { z } from 'zod';
import { ANSWERS, type AnswerName } from './answers';
import { type ApiRoute, type ChangeRoute, verbOf } from './route';
import { ROUTES } from './routes';
import { UPLOAD_TYPES } from './upload';

type Json = Record<string, unknown>;

interface ObjectSchema extends Json {
  properties?: Record<string, Json>;
  required?: string[];
}

const ref = (name: AnswerName) => ({ $ref: `#/components/schemas/${name}` });
const parametersIn = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** The schemas of all answers. Clients have to bear new fields, so the published ones are open; tests ask for closed ones. */
function answerSchemas(closed: boolean): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(ANSWERS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'output',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => {
      if (!closed && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema as Json)]));
}

/** Inside the document a schema has neither a dialect nor an address of its own. */
function bare({ $schema: _schema, $id: _id, ...schema }: Json): Json {
  return schema;
}

function inputSchema(schema: z.ZodType): ObjectSchema {
  return bare(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json);
}

function without(schema: ObjectSchema, names: readonly string[]): ObjectSchema {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)),
  );
  return { ...schema, properties, required: (schema.required ?? []).filter((name) => !names.includes(name)) };
}

const inputOf = (route: ApiRoute) => inputSchema(verbOf(route).input);

function parameters(route: ApiRoute): Json[] {
  const input = inputOf(route);
  const named = parametersIn(route.path);
  const schemaOf = (name: string) => input.properties?.[name] ?? { type: 'string' };
  const inPath = named.map((name) => ({
    ...{ name, in: 'path', required: true },
    schema: schemaOf(route.rename[name] ?? name),
  }));
  if (route.kind === 'change') return [...inPath, ...keyParameter(route)];
  if (route.kind === 'upload') return inPath;
  const taken = named.map((name) => route.rename[name] ?? name);
  const rest = Object.keys(input.properties ?? {}).filter((name) => !taken.includes(name));
  const inQuery = rest.map((name) => ({
    ...{ name, in: 'query', required: input.required?.includes(name) ?? false },
    schema: schemaOf(name),
  }));
  return [...inPath, ...inQuery];
}

function keyParameter({ key }: ChangeRoute): Json[] {
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: key !== 'optional',
      schema: { type: 'string', minLength: 8, maxLength: 200 },
      description:
        'One for each intent: a repeat with the same key gets the first answer. Kept for 7 days, and as long as a deployment that it made.',
    },
  ];
}

function requestBody(route: ApiRoute): Json {
  if (route.kind === 'upload') {
    const file = { schema: { type: 'string', contentMediaType: UPLOAD_TYPES[0] } };
    return { requestBody: { required: true, content: Object.fromEntries(UPLOAD_TYPES.map((type) => [type, file])) } };
  }
  if (route.kind !== 'change') return {};
  const fromPath = parametersIn(route.path).map((name) => route.rename[name] ?? name);
  const schema = without(inputOf(route), [...fromPath, ...(route.key === 'own' ? ['idempotencyKey'] : [])]);
  if (Object.keys(schema.properties ?? {}).length === 0) return {};
  const required = (schema.required ?? []).length > 0;
  return { requestBody: { required, content: { 'application/json': { schema } } } };
}

function success(route: ApiRoute): Json {
  if (route.kind === 'file') {
    const content = Object.fromEntries(route.types.map((type) => [type, { schema: { type: 'string' } }]));
    return { 200: { description: route.says, content } };
  }
  const status = 'status' in route ? route.status : 200;
  if (route.answer === null) return { [status]: { description: 'Done.' } };
  return { [status]: { description: route.says, content: { 'application/json': { schema: ref(route.answer) } } } };
}

/** What a token needs, in words; the roles of its owner decide as well. */
function demands(route: ApiRoute): string {
  const { permission, tokenScope } = verbOf(route);
  if (permission !== 'signedIn') return `Permission: ${permission}.`;
  return tokenScope && tokenScope !== 'any' ? `Scope: ${tokenScope}.` : 'Any token.';
}

function operation(route: ApiRoute): Json {
  return {
    operationId: verbOf(route).name,
    summary: route.says,
    description: demands(route),
    tags: [route.path.split('/')[1] ?? ''],
    parameters: parameters(route),
    ...requestBody(route),
    responses: { ...success(route), default: { $ref: '#/components/responses/Problem' } },
  };
}

/** No line of the table: its answer has no end. */
const LIVE_EVENTS: Json = {
  operationId: 'events.stream',
  summary: 'What changes, as it happens: server-sent events that name what to fetch again.',
  description: 'Any token with the scope read, or the browser’s session.',
  tags: ['events'],
  parameters: [
    { name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string' } },
    {
      name: 'after',
      in: 'query',
      required: false,
      schema: { type: 'string' },
      description: 'The same, in the address.',
    },
  ],
  responses: {
    200: { description: 'A stream without an end.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
    default: { $ref: '#/components/responses/Problem' },
  },
};

/** The OpenAPI 3.1 document of everything in the table. `closed`: answers with a field that it does not name are wrong. */
export function openApi({ closed = false, routes = ROUTES } = {}): Json {
  const paths: Record<string, Json> = { '/events': { get: LIVE_EVENTS } };
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  return {
    openapi: '3.1.1',
    info: {
      title: 'AetherStack',
      version: '1',
      description:
        'What the console does, but for what decides whom to trust. Changes need a token; reads also take the browser’s session.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Made under Members → API tokens.' } },
      schemas: answerSchemas(closed),
      responses: {
        Problem: {
          description: 'A refusal or a fault: RFC 9457, with a stable code and a sentence that says what to do.',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
    },
  };
}
