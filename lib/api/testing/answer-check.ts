import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApi } from '../openapi';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}

const document = openApi({ closed: true }) as { paths: Record<string, Record<string, Operation>> };
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'api');

const REFUSED = { content: { '': { schema: { $ref: '#/components/schemas/Problem' } } } };

/** What is wrong with an answer, by the document that knows no other field than its own; empty when nothing is. */
export function problems(path: string, method: string, status: number, value: unknown): unknown[] {
  const operation = document.paths[path]?.[method];
  const response = operation?.responses[status] ?? REFUSED;
  const ref = Object.values(response.content ?? {})[0]?.schema.$ref;
  if (!ref) return status === 204 && value === null ? [] : [`no schema for ${method} ${path} ${status}`];
  const validate = ajv.compile({ $ref: `api${ref}` });
  return validate(value) ? [] : (validate.errors ?? []);
}
