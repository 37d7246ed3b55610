// Certificates are renewed while their servers run: whoever reads them follows the files.
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';

const LOOK_MS = 10_000;

/** Certificate and key. Throws while the two do not belong together, as between two writes of a renewal. */
export function readPair({ cert, key }) {
  const pair = { cert: readFileSync(cert), key: readFileSync(key) };
  createSecureContext(pair);
  return pair;
}

/** A renewed pair counts for new connections; one that cannot be used changes nothing. Returns how to stop. */
export function followPair(server, tls, more = {}, everyMs = LOOK_MS) {
  const again = () => {
    try {
      server.setSecureContext({ ...more, ...readPair(tls) });
    } catch (error) {
      process.stderr.write(`The certificate stays as it was: ${error.message}\n`);
    }
  };
  const files = [tls.cert, tls.key];
  for (const file of files) watchFile(file, { interval: everyMs, persistent: false }, again);
  return () => {
    for (const file of files) unwatchFile(file, again);
  };
}
