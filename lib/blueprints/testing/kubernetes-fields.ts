import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Fields {
  /** Type of each field as the declaration writes it. */
  types: ReadonlyMap<string, string>;
  /** Where the types that it names are declared. */
  imports: ReadonlyMap<string, string>;
}

const MODELS = path.resolve('node_modules/kubernetes-models');
const cache = new Map<string, Fields | null>();

/**
 * The fields of an object that its kind does not have, as paths. The validators made from the Kubernetes OpenAPI look
 * only at fields that they know, as the API server does without strict validation; the declarations made from it name all.
 */
export function unknownFields(object: { apiVersion: string; kind: string }): string[] {
  const file = path.join(MODELS, object.apiVersion, `${object.kind}.d.ts`);
  if (!existsSync(file)) return [`There is no ${object.apiVersion} ${object.kind}.`];
  return within(object, file, object.kind);
}

function within(value: unknown, file: string, at: string): string[] {
  const fields = fieldsIn(file);
  if (!fields || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const type = fields.types.get(name);
    if (type === undefined) return [`${at}.${name}`];
    const named = /\b(I[A-Z]\w+)\b/.exec(type)?.[1];
    const declared = named && fields.imports.get(named);
    if (!declared) return [];
    const children = type.startsWith('Array<') && Array.isArray(child) ? child : [child];
    return children.flatMap((each) => within(each, declared, `${at}.${name}`));
  });
}

function fieldsIn(file: string): Fields | null {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const body = /export interface \w+(?: extends \w+)? \{\n([\s\S]*?)\n\}/.exec(text)?.[1];
  const fields = body === undefined ? null : { types: typesIn(body), imports: importsIn(text, file) };
  cache.set(file, fields);
  return fields;
}

function typesIn(body: string): Map<string, string> {
  return new Map([...body.matchAll(/^ {4}"(\w+)"\??: (.*)$/gm)].map(([, name = '', type = '']) => [name, type]));
}

function importsIn(text: string, file: string): Map<string, string> {
  const found = [...text.matchAll(/^import \{ (\w+) \} from "([^"]+)";$/gm)];
  return new Map(
    found.map(([, name = '', from = '']) => {
      const target = from.startsWith('.') ? path.resolve(path.dirname(file), from) : path.resolve('node_modules', from);
      return [name, `${target.replace(/\.js$/, '')}.d.ts`];
    }),
  );
}
