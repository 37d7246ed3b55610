import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Simulator } from '@/lib/providers/port';
import { type ControlContext, control, type LoggedRequest } from './control';
import { isHostAmong } from './transport';

const MAX_BODY = 10 * 1024 * 1024;
const KEPT_REQUESTS = 2_000;
/** `sandboxFetch` sends it: such a client keeps the vendors' own addresses and translates them itself. */
export const TRANSPORT_HEADER = 'x-sandbox-transport';

export interface SandboxHttp {
  server: Server;
  log: LoggedRequest[];
}

/** Serves every simulated host under `/<host>/…` and the control plane under `/__sandbox/…`. */
export function sandboxHttp(context: Omit<ControlContext, 'log'>): SandboxHttp {
  const log: LoggedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, { ...context, log }).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'application/json' });
      outgoing.end(
        JSON.stringify({ error: `The sandbox itself failed: ${error instanceof Error ? error.stack : String(error)}` }),
      );
    });
  });
  return { server, log };
}

type Serving = ControlContext & { log: LoggedRequest[] };

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, context: Serving): Promise<void> {
  const path = incoming.url ?? '/';
  const simulators = [context.github, ...context.hosting, context.services];
  const hosts = simulators.flatMap((each) => each.hosts);
  const request = await toRequest(incoming, path, hosts);
  const isControl = path.startsWith('/__sandbox/');
  if (!isLocal(incoming)) {
    outgoing.writeHead(403, { 'content-type': 'text/plain' }).end('The sandbox answers this machine only.');
    return;
  }
  const answer = isControl ? await control(request, context) : await vendor(request, simulators);
  const fault = answer.headers.get('x-sandbox-fault');
  if (!isControl)
    remember(context, {
      at: new Date(context.world.now()).toISOString(),
      method: request.method,
      path,
      status: fault ? 0 : answer.status,
    });
  if (fault) return breakConnection(outgoing, fault, Number(answer.headers.get('x-sandbox-stall-ms') ?? 0));
  const isDirect = !isControl && !incoming.headers[TRANSPORT_HEADER];
  const base = `http://${incoming.headers.host ?? '127.0.0.1'}`;
  await send(answer, outgoing, isDirect ? (text) => translate(text, base, hosts) : (text) => text);
}

/** A web page elsewhere must not steer the sandbox: neither by a cross-site request nor by a rebound name. */
function isLocal({ headers }: IncomingMessage): boolean {
  const name = (headers.host ?? '').replace(/:\d+$/, '');
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(name);
  return isLoopback && !(headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate');
}

function remember({ log }: Serving, entry: LoggedRequest): void {
  log.push(entry);
  if (log.length > KEPT_REQUESTS) log.splice(0, log.length - KEPT_REQUESTS);
}

async function toRequest(incoming: IncomingMessage, path: string, hosts: readonly string[]): Promise<Request> {
  const [, host = '', rest = ''] = /^\/([^/?]+)(.*)$/.exec(path) ?? [];
  const isVendor = isHostAmong(hosts, host);
  const url = isVendor ? `https://${host}${rest.startsWith('/') ? rest : `/${rest}`}` : `http://sandbox.invalid${path}`;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && name !== TRANSPORT_HEADER)
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('The body is over 10 MB.');
    chunks.push(chunk);
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD' && size > 0;
  return new Request(url, { method, headers, ...(hasBody ? { body: Buffer.concat(chunks) } : {}) });
}

async function vendor(request: Request, simulators: readonly Simulator[]): Promise<Response> {
  const { host, pathname } = new URL(request.url);
  const found = simulators.find((each) => isHostAmong(each.hosts, host));
  if (found) return found.handle(request);
  const known = simulators.flatMap((each) => each.hosts).join(', ');
  return Response.json(
    {
      error: `Nothing here answers for ${pathname}. Addresses begin with /<host>/, where the host is one of: ${known}.`,
    },
    { status: 404 },
  );
}

/** What went wrong on the way back: the request was served, the answer never arrives. */
function breakConnection(outgoing: ServerResponse, fault: string, stallMs: number): void {
  if (fault === 'cut') {
    outgoing.socket?.destroy();
    return;
  }
  const timer = setTimeout(() => outgoing.socket?.destroy(), stallMs);
  outgoing.on('close', () => clearTimeout(timer));
}

async function send(answer: Response, outgoing: ServerResponse, readdress: (text: string) => string): Promise<void> {
  const headers: Record<string, string> = {};
  for (const [name, value] of answer.headers)
    headers[name] = name === 'link' || name === 'location' ? readdress(value) : value;
  const isText = /json|text/.test(headers['content-type'] ?? '');
  const body = answer.body ? Buffer.from(await answer.arrayBuffer()) : null;
  outgoing.writeHead(answer.status, headers);
  outgoing.end(body && isText ? readdress(body.toString()) : body);
}

/** For a client that was given our address as its API: every address in an answer leads back to us. */
function translate(text: string, base: string, hosts: readonly string[]): string {
  return hosts
    .filter((host) => host !== 'github.com')
    .reduce((all, host) => all.replaceAll(`https://${host}`, `${base}/${host}`), text);
}
