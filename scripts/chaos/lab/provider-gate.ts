import http from 'node:http';

export type Outage = 'none' | 'refuse' | 'hang' | '503';

export interface SeenRequest {
  at: number;
  method: string;
  path: string;
  body: string;
  outage: Outage;
}

export interface ProviderGate {
  url: string;
  /** Everything that a client sent here, also what was not let through. */
  seen: SeenRequest[];
  set(outage: Outage): void;
  close(): Promise<void>;
}

/** In front of the simulated provider: counts what is sent and takes the provider away. */
export async function providerGate(sandboxUrl: string): Promise<ProviderGate> {
  const { port: targetPort } = new URL(sandboxUrl);
  const seen: SeenRequest[] = [];
  let outage: Outage = 'none';
  const hanging = new Set<http.ServerResponse>();
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = '', url: path = '' } = request;
      seen.push({ at: Date.now(), method, path, body: method === 'GET' ? '' : body.toString(), outage });
      if (outage === 'refuse') return request.socket.destroy();
      if (outage === 'hang') return hanging.add(response);
      if (outage === '503')
        return response.writeHead(503, { 'content-type': 'text/html' }).end('<html>Unicorn!</html>');
      forward(request, body, response);
    });
  });
  function forward(request: http.IncomingMessage, body: Buffer, response: http.ServerResponse): void {
    const { method, url, headers } = request;
    const onward = http.request({ host: '127.0.0.1', port: targetPort, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      // A cut answer must reach the client as one.
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end(body);
  }
  // As large providers do: a connection outlives a process that stands still for a minute.
  server.keepAliveTimeout = 180_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    seen,
    set: (next) => {
      outage = next;
      for (const each of hanging) each.destroy();
      hanging.clear();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
