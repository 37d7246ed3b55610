// Where a registry keeps its blobs when not with itself: another server, with TLS, that writes down who showed a credential.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { selfSigned } from '@/lib/http/testing/certificate';

export interface BlobStore {
  origin: string;
  /** PEM; signs itself. */
  cert: string;
  /** `Authorization` of each request, in order. */
  seen: (string | undefined)[];
  stop(): Promise<void>;
}

/** `folder` is the registry's own, asked for when a blob is. */
export async function startBlobStore(folder: () => string): Promise<BlobStore> {
  const { cert, key } = selfSigned('localhost');
  const seen: BlobStore['seen'] = [];
  const server = https.createServer({ cert, key }, (request, response) => {
    seen.push(request.headers.authorization);
    response.end(readFileSync(path.join(folder(), new URL(request.url ?? '', 'https://x').pathname)));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    cert,
    seen,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
