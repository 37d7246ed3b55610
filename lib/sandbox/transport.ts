const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 5;
const TRANSPORT_HEADER = 'x-sandbox-transport';

/**
 * A `fetch` that reaches the sandbox wherever it is asked to reach a vendor: `https://<host>/…` goes to
 * `<sandboxUrl>/<host>/…`, redirects included, and a host that no simulator answers for is refused before anything
 * leaves the machine. Addresses in answers stay the vendors' own.
 * @throws TypeError for a host without a simulator, as `fetch` does for one that cannot be reached.
 */
export function sandboxFetch(
  sandboxUrl: string,
  inner: typeof globalThis.fetch = globalThis.fetch,
  hosts: readonly string[] = SIMULATED_HOSTS,
): typeof globalThis.fetch {
  const base = sandboxUrl.replace(/\/$/, '');
  return async (input, init) => {
    let request = new Request(input, init);
    const wantsRedirects = request.redirect === 'follow';
    for (let hop = 0; ; hop++) {
      const answer = await once(request, base, inner, hosts);
      const location = answer.headers.get('location');
      if (!wantsRedirects || !location || !REDIRECTS.includes(answer.status)) return answer;
      if (hop === MAX_REDIRECTS) throw new TypeError('fetch failed: too many redirects');
      request = redirected(request, new URL(location, request.url), answer.status);
    }
  };
}

/** Hosts that the sandbox answers for. */
export const SIMULATED_HOSTS: readonly string[] = [
  'api.github.com',
  'github.com',
  'productionresultssa0.blob.core.windows.net',
  'www.githubstatus.com',
  'api.vercel.com',
  'www.vercel-status.com',
  'www.netlifystatus.com',
  'api.netlify.com',
  'services.aetherstack.example',
  'metrics.aetherstack.example',
  'panels.aetherstack.example',
  'cluster.aetherstack.example',
  'api.heroku.com',
  'ecs.us-east-1.amazonaws.com',
  'ecs.eu-central-1.amazonaws.com',
  'run.googleapis.com',
  'appengine.googleapis.com',
  'oauth2.googleapis.com',
  'us.sentry.io',
  'api.datadoghq.com',
  'dashboard.aetherstack.example',
  'marketplace.visualstudio.com',
  'aetherstack.gallerycdn.vsassets.io',
  'open-vsx.org',
  '*.netlify.app',
  '*.vercel.app',
];

/** Whether one of the names is this host; `*.example` stands for everything below it. */
export function isHostAmong(hosts: readonly string[], host: string): boolean {
  return hosts.some((each) => (each.startsWith('*.') ? host.endsWith(each.slice(1)) : each === host));
}

async function once(
  request: Request,
  base: string,
  inner: typeof globalThis.fetch,
  hosts: readonly string[],
): Promise<Response> {
  const url = new URL(request.url);
  const isSandbox = request.url.startsWith(`${base}/`);
  if (!isSandbox && !isHostAmong(hosts, url.host)) {
    throw new TypeError(
      `The sandbox has no simulator for ${url.host}, so nothing was sent. It answers for: ${hosts.join(', ')}.`,
    );
  }
  const target = isSandbox ? request.url : `${base}/${url.host}${url.pathname}${url.search}`;
  const headers = new Headers(request.headers);
  headers.set(TRANSPORT_HEADER, '1');
  const body = request.body ? await request.clone().arrayBuffer() : null;
  return inner(target, {
    method: request.method,
    headers,
    redirect: 'manual',
    signal: request.signal,
    ...(body ? { body } : {}),
  });
}

/** As the fetch standard follows: credentials never go to another origin, and a 303 becomes a GET. */
function redirected(request: Request, to: URL, status: number): Request {
  const headers = new Headers(request.headers);
  if (to.origin !== new URL(request.url).origin) headers.delete('authorization');
  const becomesGet = status === 303 || ((status === 301 || status === 302) && request.method === 'POST');
  if (becomesGet || request.method === 'GET' || request.method === 'HEAD') {
    return new Request(to, { method: request.method === 'HEAD' ? 'HEAD' : 'GET', headers, signal: request.signal });
  }
  return new Request(to, {
    method: request.method,
    headers,
    body: request.clone().body,
    signal: request.signal,
    duplex: 'half',
  } as RequestInit);
}
