import { type AuditFilters, auditFilters } from '@/lib/audit/model/view';

export type SearchParams = Record<string, string | string[] | undefined>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The form sends days; the log is asked for moments. The last day is meant as a whole. */
function moment(name: string, value: string): string {
  if (!DAY.test(value)) return value;
  return name === 'to' ? `${value}T23:59:59.999Z` : `${value}T00:00:00Z`;
}

/** What is valid in the address; the rest is left out and named. */
export function parseAuditAddress(params: SearchParams) {
  const filters: Record<string, string> = {};
  const ignored: string[] = [];
  for (const name of [
    'actor',
    'action',
    'resourceKind',
    'resourceId',
    'outcome',
    'environment',
    'text',
    'from',
    'to',
    'cursor',
  ] as const) {
    const raw = params[name];
    const value = (Array.isArray(raw) ? raw[0] : raw)?.trim();
    if (!value) continue;
    const wanted = moment(name, value);
    if (auditFilters.shape[name].safeParse(wanted).success) filters[name] = wanted;
    else ignored.push(name);
  }
  return { filters: filters as AuditFilters, ignored };
}

function paramsOf(filters: AuditFilters): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) params.set(name, String(value));
  return params;
}

export function auditHref(filters: AuditFilters): string {
  const text = paramsOf(filters).toString();
  return text === '' ? '/audit' : `/audit?${text}`;
}

/** What the filters show, as a file; a page of it makes no sense there. */
export function exportHref(filters: Omit<AuditFilters, 'cursor' | 'limit'>, format: 'csv' | 'json'): string {
  const params = paramsOf(filters);
  params.set('format', format);
  return `/api/v1/audit/export?${params}`;
}
