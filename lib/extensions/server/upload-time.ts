import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { BODY_MS, UPLOAD_MS } from '../model/limits';

/** Where a package is the body: the page, the API, and `ovsx publish`. */
const UPLOAD =
  /^\/api\/(?:extensions\/upload|v1\/extensions\/packages|gallery\/(?:[^?]+\/)?api\/-\/publish)\/?(?:\?|$)/;

interface Started {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

/**
 * Node ends every request after five minutes, also one whose body comes steadily; Next starts the server and has no setting.
 * A package may take as long as its pace allows; any other body, and one that nobody reads any more, still ends then.
 * Source: https://nodejs.org/api/http.html#serverrequesttimeout
 */
export function letUploadsFinish(): void {
  channel('http.server.request.start').subscribe(begun);
}

function begun(message: unknown): void {
  const { request, response, server } = message as Started;
  // 0 = no limit at all, which somebody chose.
  if (server.requestTimeout > 0) server.requestTimeout = Math.max(server.requestTimeout, UPLOAD_MS);
  const { headers, method, url = '' } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  const isUpload = method === 'POST' && UPLOAD.test(url);
  const look = setInterval(() => {
    if (request.complete) clearInterval(look);
    else if (!isUpload || response.writableEnded) request.destroy();
  }, BODY_MS).unref();
  request.once('close', () => clearInterval(look));
}
