import type { z } from 'zod';

export type SearchParams = Record<string, string | string[] | undefined>;

/** Reads the address bar by a query's own schema; what is not valid there is left out and named. */
export function parseAddress(params: SearchParams, shape: Record<string, z.ZodType>) {
  const values: Record<string, string> = {};
  const ignored: string[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    const value = Array.isArray(params[name]) ? params[name][0] : params[name];
    if (value === undefined || value === '') continue;
    if (schema.safeParse(value).success) values[name] = value;
    else ignored.push(name);
  }
  return { values, ignored };
}
