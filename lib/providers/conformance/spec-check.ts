import { type Answer, githubOpenApi, type OpenApi, type Operation } from './openapi';
import { githubOverlay, type Overlay } from './spec-overlay';

export interface CheckedRequest {
  method: string;
  /** Path and query as sent, e.g. `/repos/o/r/commits?per_page=5`, or apart. */
  path: string;
  query?: URLSearchParams;
  body?: unknown;
}

export interface CheckedResponse {
  status: number;
  headers: Headers;
  /** Parsed JSON, text of another kind, or null when there is none. */
  body: unknown;
}

export interface SpecCheck {
  /** What the contract says against this exchange; empty when nothing. A request is checked even when it was refused. */
  check(request: CheckedRequest, response: CheckedResponse): string[];
  /** Ids of the operations that were checked so far. */
  readonly operations: ReadonlySet<string>;
}

/** Checks both halves of an exchange against GitHub's official OpenAPI. */
export function createSpecCheck(api: OpenApi = githubOpenApi(), overlay: Overlay = githubOverlay): SpecCheck {
  const operations = new Set<string>();
  return {
    operations,
    check(request, response) {
      const url = new URL(request.path, 'https://api.github.com');
      const found = api.find(request.method, url.pathname);
      if (!found) return [`${request.method} ${url.pathname} is not in the contract`];
      const { operation, params } = found;
      operations.add(operation.id);
      const query = request.query ?? url.searchParams;
      const wrong = [
        ...pathAndQuery(api, overlay, operation, params, query),
        ...requestBody(api, operation, request.body),
        ...answer(api, overlay, operation, response),
      ];
      const defect = overlay.defects[operation.id];
      return wrong.filter((sentence) => !defect?.test(sentence)).map((sentence) => `${operation.id}: ${sentence}`);
    },
  };
}

function pathAndQuery(
  api: OpenApi,
  overlay: Overlay,
  operation: Operation,
  params: Record<string, string>,
  query: URLSearchParams,
): string[] {
  const wrong: string[] = [];
  const known = new Set(operation.parameters.filter((one) => one.in === 'query').map((one) => one.name));
  for (const name of query.keys()) if (!known.has(name)) wrong.push(`query parameter "${name}" is unknown`);
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (place === 'header') continue;
    const text = place === 'path' ? params[name] : query.get(name);
    if (text === undefined || text === null) {
      if (required) wrong.push(`${place} parameter "${name}" is missing`);
      continue;
    }
    const isFree = place === 'query' && overlay.freeParameters.includes(name);
    const fits = isFree || readings(text).some((value) => api.violations(schema ?? {}, value).length === 0);
    if (!fits) wrong.push(`${place} parameter "${name}" may not be "${text}"`);
  }
  return wrong;
}

/** A parameter is text on the wire; these are the values that it may stand for. */
function readings(text: string): unknown[] {
  const values: unknown[] = [text, text.split(',')];
  if (/^-?\d+(\.\d+)?$/.test(text)) values.push(Number(text));
  if (text === 'true' || text === 'false') values.push(text === 'true');
  return values;
}

function requestBody(api: OpenApi, operation: Operation, body: unknown): string[] {
  const isAbsent = body === undefined || body === null || body === '';
  if (!operation.body)
    return isAbsent || isEmptyObject(body) ? [] : ['the request has a body that the contract does not know'];
  if (isAbsent) return operation.body.required ? ['the request lacks its body'] : [];
  return api.violations(operation.body.schema, body).map((sentence) => `request body ${sentence}`);
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function answer(api: OpenApi, overlay: Overlay, operation: Operation, response: CheckedResponse): string[] {
  const { status } = response;
  if (status === 304) return response.body === null ? [] : ['a 304 carries a body'];
  const declared = declaredFor(operation, status);
  const isExtra = overlay.generalStatuses.includes(status) || overlay.extraStatuses[operation.id]?.includes(status);
  if (overlay.isProblem && status >= 400 && (declared || isExtra)) return ownProblem(overlay.isProblem, response);
  if (!declared) return isExtra ? errorBody(response) : [`status ${status} is not in the contract`];
  if (status >= 300 && status < 400) return response.headers.get('location') ? [] : [`a ${status} lacks its Location`];
  const wrong = declared.content ? content(api, overlay, operation, declared.content, response) : empty(response);
  return wrong.length === 0 && status >= 400 ? errorBody(response) : wrong;
}

function declaredFor({ answers }: Operation, status: number): Answer | undefined {
  return answers[String(status)] ?? (status >= 400 ? answers.default : undefined);
}

/** A gateway in front of the vendor (5xx) writes what it likes. */
function ownProblem(isProblem: (body: unknown) => boolean, { status, body }: CheckedResponse): string[] {
  return status >= 500 || isProblem(body) ? [] : [`a ${status} is not one of this vendor’s refusals`];
}

function empty({ status, body }: CheckedResponse): string[] {
  return body === null ? [] : [`a ${status} carries a body`];
}

/** Source: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
function errorBody({ status, body }: CheckedResponse): string[] {
  if (typeof body !== 'object' || body === null) return status >= 500 ? [] : [`a ${status} is not a JSON object`];
  return 'message' in body && 'documentation_url' in body ? [] : [`a ${status} lacks message or documentation_url`];
}

function content(
  api: OpenApi,
  overlay: Overlay,
  operation: Operation,
  declared: NonNullable<Answer['content']>,
  response: CheckedResponse,
): string[] {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (overlay.extraMedia[operation.id]?.includes(type))
    return typeof response.body === 'string' ? [] : [`${type} is not text`];
  const media = declared[type];
  if (!media) return [`content type "${type}" is not in the contract for ${response.status}`];
  return media.schema
    ? api.violations(media.schema, response.body).map((sentence) => `${response.status} body ${sentence}`)
    : [];
}

export type CheckedFetch = typeof globalThis.fetch & { spec: SpecCheck };

/**
 * A `fetch` that lets only exchanges through that fit the contract; `api` says which requests it is for.
 * @throws Error that lists the violations.
 */
export function checkedFetch(
  inner: typeof globalThis.fetch,
  api = 'https://api.github.com',
  spec = createSpecCheck(),
): CheckedFetch {
  const checked = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    if (!request.url.startsWith(`${api}/`)) return inner(request);
    const sent = request.body ? await request.clone().text() : '';
    // Redirects are part of the exchange, so they are seen here before they are followed.
    const response = await inner(new Request(request, { redirect: 'manual' }));
    const text = await response.clone().text();
    const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
    const path = request.url.slice(api.length);
    const violations = spec.check(
      { method: request.method, path, body: sent === '' ? null : JSON.parse(sent) },
      {
        status: response.status,
        headers: response.headers,
        body: text === '' ? null : isJson ? JSON.parse(text) : text,
      },
    );
    if (violations.length > 0) throw new Error(`The contract is violated.\n${violations.join('\n')}`);
    const location = response.headers.get('location');
    if (location && response.status === 302 && request.redirect === 'follow')
      return inner(new URL(location, request.url).href);
    return response;
  };
  return Object.assign(checked, { spec });
}
