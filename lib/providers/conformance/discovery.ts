type Json = Record<string, unknown>;

interface Contract {
  paths: Record<string, Record<string, Json>>;
  components: Record<string, Record<string, Json>>;
}

interface Method {
  id: string;
  httpMethod: string;
  path: string;
  flatPath?: string;
  parameters?: Record<string, Json>;
  request?: { $ref: string };
  response?: { $ref: string };
}

interface Document {
  servicePath: string;
  parameters: Record<string, Json>;
  schemas: Record<string, Json>;
  resources: Record<string, Resource>;
}

interface Resource {
  methods?: Record<string, Method>;
  resources?: Record<string, Resource>;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A discovery document as the OpenAPI 3 that `OpenApi` reads: https://developers.google.com/discovery/v1/reference/apis
 * It says no more than 200 and what is in it, and never what is required. A name that it does not know is wrong on either
 * side, as those APIs themselves take it.
 */
export function fromDiscovery(document: unknown): Contract {
  const source = document as Document;
  const paths: Contract['paths'] = {};
  for (const method of methodsOf(source.resources)) {
    const path = `/${source.servicePath}${method.flatPath ?? method.path}`;
    paths[path] = { ...paths[path], [method.httpMethod.toLowerCase()]: operationOf(method, path, source.parameters) };
  }
  const schemas = Object.entries(source.schemas).map(([name, one]) => [name, schemaOf(one)] as const);
  return { paths, components: { schemas: Object.fromEntries(schemas) } };
}

function methodsOf(resources: Record<string, Resource>): Method[] {
  return Object.values(resources).flatMap(({ methods, resources: below }) => [
    ...Object.values(methods ?? {}),
    ...methodsOf(below ?? {}),
  ]);
}

/** A path is written out (`flatPath`), since one parameter stands for several of its parts. */
function operationOf({ id, parameters = {}, request, response }: Method, path: string, shared: Json): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries({ ...(shared as Record<string, Json>), ...parameters })
    .filter(([, one]) => one.location === 'query')
    .map(([name, one]) => ({ name, in: 'query', required: one.required === true, schema: parameterOf(one) }));
  const json = (of: { $ref: string }) => ({ 'application/json': { schema: refOf(of.$ref) } });
  return {
    operationId: id,
    parameters: [...inPath, ...inQuery],
    ...(request ? { requestBody: { required: true, content: json(request) } } : {}),
    responses: { 200: response ? { content: json(response) } : {} },
  };
}

function parameterOf(one: Json): Json {
  const schema = schemaOf(one);
  return one.repeated === true ? { type: 'array', items: schema } : schema;
}

const refOf = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Numbers of 64 bits are texts there, so only the form of a moment says more than the type. */
function schemaOf(one: Json): Json {
  if (typeof one.$ref === 'string') return refOf(one.$ref);
  const { type, items, properties, additionalProperties } = one;
  return {
    ...(typeof type === 'string' && type !== 'any' ? { type } : {}),
    ...(Array.isArray(one.enum) ? { enum: one.enum } : {}),
    ...(one.format === 'google-datetime' ? { format: 'date-time' } : {}),
    ...(isJson(items) ? { items: schemaOf(items) } : {}),
    ...(isJson(properties) ? propertiesOf(properties) : {}),
    ...(isJson(additionalProperties) ? { additionalProperties: schemaOf(additionalProperties) } : {}),
  };
}

function propertiesOf(properties: Json): Json {
  const each = Object.entries(properties).map(([name, one]) => [name, schemaOf(one as Json)] as const);
  return { properties: Object.fromEntries(each), additionalProperties: false };
}
