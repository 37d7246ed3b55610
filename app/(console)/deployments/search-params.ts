import { type DeploymentFilter, DeploymentFilter as schema } from '@/lib/deployments/model/schemas';

export type SearchParams = Record<string, string | string[] | undefined>;

/** Cursors of the pages before this one, newest last; "Newer" goes back along them. */
const TRAIL_LENGTH = 30;

export interface ListAddress {
  filter: Omit<DeploymentFilter, 'limit'>;
  trail: string[];
  /** Names in the address that were not understood and are ignored. */
  ignored: string[];
}

function one(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === '' ? undefined : first;
}

/** Reads the address bar; what is not valid there is left out and named, because people type and paste addresses. */
export function parseListAddress(params: SearchParams): ListAddress {
  const filter: Record<string, string> = {};
  const ignored: string[] = [];
  for (const name of ['component', 'environment', 'status', 'person', 'q', 'cursor'] as const) {
    const value = one(params[name]);
    if (value === undefined) continue;
    if (schema.shape[name].safeParse(value).success) filter[name] = value;
    else ignored.push(name);
  }
  const trail = (one(params.trail) ?? '').split(',').filter((cursor) => /^[\w-]{0,80}$/.test(cursor) && cursor !== '');
  const { limit: _limit, ...parsed } = schema.parse(filter);
  return { filter: parsed, trail: trail.slice(-TRAIL_LENGTH), ignored };
}

function href(filter: ListAddress['filter'], trail: readonly string[]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) params.set(name, value);
  if (trail.length > 0) params.set('trail', trail.join(','));
  const text = params.toString();
  return text === '' ? '/deployments' : `/deployments?${text}`;
}

/** `first` marks the first page in the trail, which has no cursor of its own. */
const FIRST = 'first';

export function pageHrefs(
  { filter, trail }: ListAddress,
  nextCursor: string | null,
): { newer: string | null; older: string | null } {
  const { cursor, ...rest } = filter;
  const back = trail.at(-1);
  const before = back === undefined || back === FIRST ? rest : { ...rest, cursor: back };
  return {
    newer: cursor === undefined ? null : href(before, trail.slice(0, -1)),
    older:
      nextCursor === null
        ? null
        : href({ ...rest, cursor: nextCursor }, [...trail, cursor ?? FIRST].slice(-TRAIL_LENGTH)),
  };
}

/** The same page at the HTTP API. */
export function apiPath(filter: ListAddress['filter']): string {
  return href(filter, []).replace('/deployments', '/api/v1/deployments');
}
