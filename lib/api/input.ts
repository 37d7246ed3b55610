import { ServiceError } from '@/lib/kernel/errors';

export type Params = Record<string, string | string[] | undefined>;

function renamed(params: Params, rename: Record<string, string>): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [rename[name] ?? name, value]));
}

/** Query string and path as one object; a name that comes twice becomes a list. The path wins. */
export function inputFrom(
  search: URLSearchParams,
  params: Params,
  rename: Record<string, string>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    input[name] = values.length > 1 ? values : values[0];
  }
  return { ...input, ...renamed(params, rename) };
}

/** Body and path as one object. What stands in the address may not be said again, lest two things be meant. */
export function inputWith(
  body: Record<string, unknown>,
  params: Params,
  rename: Record<string, string>,
): Record<string, unknown> {
  const fromPath = renamed(params, rename);
  const twice = Object.keys(fromPath).find((name) => Object.hasOwn(body, name));
  if (twice === undefined) return { ...body, ...fromPath };
  throw new ServiceError('invalid', 'invalid_input', `Leave “${twice}” out of the body: it stands in the address.`, {
    [twice]: 'It stands in the address.',
  });
}
