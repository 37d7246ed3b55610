import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Json = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema?: Json;
  'x-multi-segment'?: boolean;
}

export interface Answer {
  content?: Record<string, { schema?: Json }>;
  headers?: Json;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  pattern: RegExp;
  names: string[];
  literals: number;
  parameters: Parameter[];
  body: { required: boolean; schema: Json } | null;
  answers: Record<string, Answer>;
}

interface Contract {
  paths: Record<string, Record<string, Json>>;
  components: Record<string, Record<string, Json>>;
}

/** GitHub's official OpenAPI, read once: operations by path, and schemas compiled only when they are first needed. */
export class OpenApi {
  readonly #contract: Contract;
  readonly #operations: Operation[];
  readonly #known = new Set<string>();
  readonly #compiled = new Map<Json, ValidateFunction>();
  readonly #ajv: Ajv = formats.default(new Ajv({ strict: false, logger: false, allErrors: true }));

  constructor(contract: Contract) {
    this.#contract = contract;
    this.#operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => this.#operation(path, method, operation)),
    );
    this.#operations.sort((a, b) => b.literals - a.literals);
  }

  /** The operation that a path (still percent-encoded) belongs to; the one with the most literal segments wins. */
  find(method: string, path: string): { operation: Operation; params: Record<string, string> } | null {
    for (const operation of this.#operations) {
      const found = operation.method === method ? operation.pattern.exec(path) : null;
      if (found)
        return {
          operation,
          params: Object.fromEntries(operation.names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')])),
        };
    }
    return null;
  }

  /** What is wrong with a value, in ajv's words; empty when nothing is. */
  violations(schema: Json, value: unknown): string[] {
    const validate = this.#compiled.get(schema) ?? this.#ajv.compile(this.#converted(schema) as Json);
    this.#compiled.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .slice(0, 20)
      .map((error) => `${error.instancePath || '/'} ${error.message ?? error.keyword}`);
  }

  #operation(path: string, method: string, operation: Json): Operation {
    const parameters = ((operation.parameters ?? []) as Json[]).map(
      (one) => this.#resolved(one) as unknown as Parameter,
    );
    const spanning = new Set(
      parameters.filter((one) => one['x-multi-segment'] && one.in === 'path').map((one) => one.name),
    );
    const names: string[] = [];
    const source = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, (_whole, name: string) => {
      names.push(name);
      return spanning.has(name) ? '(.+)' : '([^/]+)';
    });
    const requestBody = operation.requestBody ? this.#resolved(operation.requestBody as Json) : null;
    const schema = ((requestBody?.content as Json | undefined)?.['application/json'] as Json | undefined)?.schema as
      | Json
      | undefined;
    const answers = Object.entries(operation.responses as Record<string, Json>).map(([status, one]) => [
      status,
      this.#resolved(one),
    ]);
    return {
      id: String(operation.operationId),
      method: method.toUpperCase(),
      path,
      pattern: new RegExp(`^${source}$`),
      names,
      literals: path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{')).length,
      parameters,
      body: schema ? { required: requestBody?.required === true, schema } : null,
      answers: Object.fromEntries(answers) as Record<string, Answer>,
    };
  }

  #resolved(value: Json): Json {
    const pointer = typeof value.$ref === 'string' ? /^#\/components\/(\w+)\/(.+)$/.exec(value.$ref) : null;
    if (!pointer) return value;
    return this.#contract.components[pointer[1] ?? '']?.[pointer[2] ?? ''] ?? value;
  }

  /** OpenAPI 3.0 → JSON Schema: `nullable`, and references to schemas that are registered on the way. */
  #converted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#converted(one));
    if (typeof value !== 'object' || value === null) return value;
    const source = value as Json;
    const { nullable, example: _example, examples: _examples, ...rest } = source;
    const schema: Json = {};
    for (const [key, one] of Object.entries(rest))
      schema[key] = key === '$ref' ? this.#register(String(one)) : this.#converted(one);
    // A property that is itself called `nullable` or `example` is an object, never a flag.
    for (const key of ['nullable', 'example', 'examples'] as const)
      if (isSchema(source[key])) schema[key] = this.#converted(source[key]);
    return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
  }

  #register(pointer: string): string {
    const name = pointer.replace('#/components/schemas/', '');
    const id = `https://contract.invalid/${name}`;
    if (this.#known.has(name)) return id;
    this.#known.add(name);
    this.#ajv.addSchema(this.#converted(this.#contract.components.schemas?.[name] ?? {}) as Json, id);
    return id;
  }
}

function isSchema(value: unknown): value is Json {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    ('type' in value || '$ref' in value || 'anyOf' in value || 'oneOf' in value)
  );
}

let loaded: OpenApi | null = null;

/** GitHub's contract for github.com, API version 2022-11-28, from the package `@octokit/openapi`. */
export function githubOpenApi(): OpenApi {
  if (!loaded) {
    const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
    loaded = new OpenApi(JSON.parse(readFileSync(file, 'utf8')) as Contract);
  }
  return loaded;
}
