import { createHash } from 'node:crypto';
import http from 'node:http';

export interface Delivery {
  headers: Record<string, string>;
  body: Buffer;
  /** SHA-256 of the body: what the inbox keeps can be told by it, whatever a vendor calls its ids. */
  digest: string;
}

export interface PostOffice {
  url: string;
  /** What the provider signed and sent here, in order. */
  kept: Delivery[];
  close(): Promise<void>;
}

/** Takes every delivery at once and delivers none: that is the experiment's part. */
export async function postOffice(): Promise<PostOffice> {
  const kept: Delivery[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const own = ['host', 'connection', 'content-length', 'transfer-encoding'];
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter((entry): entry is [string, string] => !own.includes(entry[0])),
      );
      kept.push({ headers, body, digest: createHash('sha256').update(body).digest('hex') });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    kept,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
