// The build of a deployment: one that a pipeline uploaded, or fetched from a host that the configuration allows.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { keep } from './kept-file.mjs';
import { StepFailure } from './refusal.mjs';
import { SHA256, uploaded } from './uploads.mjs';

const MAX_HOPS = 5;
const FETCH_MS = 10 * 60_000;

/**
 * The file of a deployment's build: an upload that is there, or fetched into `target`. Returns its path and its digest.
 * `header` is sent to the build's own origin only and is written down nowhere.
 */
export async function bring(config, folder, artifact, { target, mode, header, signal, log }) {
  if (!artifact.url) return uploaded(folder, artifact, mode);
  const ask = { config, header, signal, home: new URL(artifact.url).origin };
  const sha256 = artifact.sha256 ?? (await digestAt(artifact.checksumUrl, ask));
  if (existsSync(target) && (await digestOfFile(target)) === sha256) return { file: target, sha256 };
  const answer = await fetchAllowed(artifact.url, ask);
  const announced = { sha256, size: artifact.size, most: config.limits.artifactBytes };
  const bytes = await keep(bodyOf(answer, signal), target, announced, signal);
  log(`Fetched ${bytes} bytes; the SHA-256 is as announced.`);
  return { file: target, sha256 };
}

async function digestOfFile(file) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest('hex');
}

/** A host that breaks off is the host's trouble, not the agent's. */
async function* bodyOf({ body, url }, signal) {
  try {
    yield* body ?? [];
  } catch (error) {
    if (signal?.aborted) throw new StepFailure('It was cancelled.');
    const isLate = error.name === 'TimeoutError';
    const why = isLate ? `took longer than ${FETCH_MS / 60_000} minutes with` : 'broke off in the middle of';
    throw new StepFailure(`${new URL(url).host} ${why} the build. Look at that host, then deploy again.`);
  }
}

/** The first word of a file as `sha256sum` writes it. */
async function digestAt(url, ask) {
  const answer = await fetchAllowed(url, ask);
  let text = '';
  for await (const piece of bodyOf(answer, ask.signal)) {
    text += Buffer.from(piece).toString('latin1');
    if (text.length > 4_096) break;
  }
  const found = text.trim().split(/\s+/)[0]?.toLowerCase() ?? '';
  if (SHA256.test(found)) return found;
  throw new StepFailure('The checksum file holds no SHA-256 as its first word. Write it with sha256sum.');
}

/** Follows redirects by hand: each hop has to be a host that is allowed, and the header stays with the first origin. */
async function fetchAllowed(address, { config, header, signal, home }) {
  let url = new URL(address);
  for (let hop = 0; hop <= MAX_HOPS; hop++) {
    const host = requireAllowed(config, url);
    const sent = header && url.origin === home ? header : ownHeader(host);
    const answer = await request(url, sent, signal);
    const location = answer.headers.get('location');
    if (answer.status >= 300 && answer.status < 400 && location) {
      await answer.body?.cancel();
      if (!URL.canParse(location, url))
        throw new StepFailure(`${url.host} leads on to what is no address. Give the address where the build lies.`);
      url = new URL(location, url);
      continue;
    }
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw new StepFailure(
      `${url.host} answered ${answer.status} for the build. Look whether it was built for this commit, and may be read from here.`,
    );
  }
  throw new StepFailure('The address of the build leads on and on. Give the address where it lies.');
}

/** Of the configuration. A line that is no header would be left out, and the host would only say 404. */
function ownHeader({ headerFile }) {
  if (!headerFile) return null;
  const header = headerOf(readFileSync(headerFile, 'utf8').trim());
  if (header) return header;
  throw new StepFailure(`${headerFile} holds no header. Write one line into it, as in “Authorization: Bearer …”.`);
}

async function request(url, sent, signal) {
  const limit = AbortSignal.timeout(FETCH_MS);
  try {
    return await fetch(url, {
      redirect: 'manual',
      headers: { 'accept-encoding': 'identity', ...(sent ? { [sent.name]: sent.value } : {}) },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    if (signal?.aborted) throw new StepFailure('It was cancelled.');
    throw new StepFailure(`${url.host} could not be reached for the build (${error.cause?.code ?? error.name}).`);
  }
}

/** `Name: value`, as a header file holds it. */
export function headerOf(line) {
  const found = /^([A-Za-z][A-Za-z0-9-]{0,60}):\s*([\x20-\x7e]{1,4096})$/.exec(line);
  return found ? { name: found[1], value: found[2] } : null;
}

/** The entry of an allowed host. Throws for any other address. */
export function requireAllowed(config, url) {
  const isLocal = config.loopbackArtifacts && url.protocol === 'http:' && url.hostname === '127.0.0.1';
  if (isLocal) return { headerFile: null };
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '';
  for (const [pattern, host] of config.artifactHosts) {
    const fits = pattern.startsWith('*.') ? url.hostname.endsWith(pattern.slice(1)) : url.hostname === pattern;
    // Another port is another service, which is not given what this one is asked with.
    if (plain && fits && url.port === '') return host;
  }
  throw new StepFailure(
    `Builds are not fetched from ${url.host} here. Add it to artifactHosts in the agent’s configuration if it is yours.`,
  );
}
