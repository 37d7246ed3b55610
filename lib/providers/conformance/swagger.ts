type Json = Record<string, unknown>;

interface Contract {
  paths: Record<string, Record<string, Json>>;
  components: Record<string, Record<string, Json>>;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A Swagger 2.0 description as the OpenAPI 3 that `OpenApi` reads: paths with their base, parameters and answers.
 * Every field of an answer may be null: vendors with such old descriptions write null for what is not there yet.
 */
export function fromSwagger(document: unknown): Contract {
  const source = document as { basePath: string; paths: Record<string, Json>; responses: Json; parameters?: Json };
  const shared = { responses: source.responses ?? {}, parameters: source.parameters ?? {} };
  const paths = Object.entries(source.paths).map(([path, methods]) => {
    const common = (methods.parameters ?? []) as Json[];
    const operations = Object.entries(methods)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => [method, operationOf(operation as Json, common, shared)] as const);
    return [`${source.basePath}${path}`, Object.fromEntries(operations)] as const;
  });
  return { paths: Object.fromEntries(paths), components: { schemas: {} } };
}

interface Shared {
  responses: Json;
  parameters: Json;
}

function operationOf(operation: Json, common: Json[], shared: Shared): Json {
  const named = (value: Json, from: Json): Json =>
    typeof value.$ref === 'string' ? (from[value.$ref.split('/').at(-1) ?? ''] as Json) : value;
  const parameters = [...common, ...((operation.parameters ?? []) as Json[])].map((one) =>
    named(one, shared.parameters),
  );
  const body = parameters.find((one) => one.in === 'body');
  const responses = Object.entries(operation.responses as Record<string, Json>).map(([status, one]) => {
    const { schema } = named(one, shared.responses);
    return [status, isJson(schema) ? { content: { 'application/json': { schema: nullable(schema) } } } : {}];
  });
  return {
    operationId: operation.operationId,
    parameters: parameters
      .filter((one) => one.in === 'path' || one.in === 'query')
      .map(({ type, items, format, ...one }) => ({ ...one, schema: { type, ...(items ? { items } : {}) } })),
    ...(body ? { requestBody: { content: { 'application/json': { schema: body.schema } } } } : {}),
    responses: Object.fromEntries(responses),
  };
}

/** References are written out already; the fields of an object, at every depth, may be null. */
function nullable(schema: Json): Json {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(isJson(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, one]) => [name, { ...nullable(one as Json), nullable: true }]),
          ),
        }
      : {}),
    ...(isJson(items) ? { items: nullable(items) } : {}),
  };
}
