import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export interface Listening {
  origin: string;
  /** Method and path of what was asked, in order. */
  asked: string[];
  close(): Promise<void>;
}

function asRequest(incoming: IncomingMessage, origin: string): Request {
  const bare = incoming.method === 'GET' || incoming.method === 'HEAD';
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return new Request(`${origin}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers: headers.filter(([name]) => !['connection', 'transfer-encoding', 'expect', 'keep-alive'].includes(name)),
    ...(bare ? {} : { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }),
  } as RequestInit);
}

/** A real server on loopback around a handler, as Next is one. `make` learns the address that clients use. */
export async function listen(make: (origin: string) => (request: Request) => Promise<Response>): Promise<Listening> {
  const asked: string[] = [];
  let answer: (request: Request) => Promise<Response> = async () => new Response(null, { status: 503 });
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    answer(asRequest(incoming, origin))
      .then(async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        for await (const piece of response.body ?? []) outgoing.write(piece);
        outgoing.end();
      })
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer = make(origin);
  return {
    ...{ origin, asked },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
