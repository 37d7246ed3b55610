// Builds on their way in: uploaded by a pipeline, or fetched from a host that the configuration allows.
import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder, readJson, syncFolder, writeDurably } from './durable.mjs';
import { Refusal, StepFailure } from './refusal.mjs';

const MAX_HOPS = 5;
const FETCH_MS = 10 * 60_000;
const SHA256 = /^[0-9a-f]{64}$/;
const KEPT_UPLOADS = 20;

/**
 * Writes a stream beside `file`, and puts it there only when it is what its digest says.
 * Throws StepFailure for another size or digest.
 */
async function keep(stream, file, { sha256, size, most }, signal) {
  makeFolder(path.dirname(file));
  // Two uploads of the same build at once each write a file of their own.
  const temporary = `${file}.${randomBytes(6).toString('hex')}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* () {
    for await (const piece of stream) {
      bytes += piece.length;
      if (bytes > most)
        throw new StepFailure(
          `The build is larger than ${Math.round(most / 1_048_576)} MiB, the most that is taken here.`,
        );
      hash.update(piece);
      yield piece;
    }
  };
  try {
    await pipeline(
      Readable.from(counted()),
      createWriteStream(temporary, { mode: 0o640, flush: true }),
      signal ? { signal } : {},
    );
    if (size !== undefined && bytes !== size)
      throw new StepFailure(`The build has ${bytes} bytes, and ${size} were announced. Nothing of it was started.`);
    const found = hash.digest('hex');
    if (found !== sha256)
      throw new StepFailure(
        `The build’s SHA-256 is ${found.slice(0, 12)}…, not ${sha256.slice(0, 12)}… as announced. Nothing of it was started.`,
      );
    renameSync(temporary, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return bytes;
}

/** Takes an upload. The same bytes again change nothing; another build for the same commit is refused. */
export async function takeUpload(folder, { sha256, size, commit, mode, by, most, now }, stream) {
  if (!SHA256.test(sha256))
    throw new Refusal(400, 'bad_digest', 'The last part of the address is the SHA-256 of the build, in hexadecimal.');
  const other =
    commit && uploads(folder).find((each) => each.commit === commit && each.mode === mode && each.sha256 !== sha256);
  if (other)
    throw new Refusal(
      409,
      'commit_taken',
      `Another build was uploaded for ${commit.slice(0, 7)} already. One commit has one build of each kind; push a commit to build again.`,
    );
  const file = path.join(folder, sha256);
  const known = existsSync(file) && readJson(`${file}.json`);
  if (known && (!commit || (known.commit === commit && known.mode === mode))) return { created: false, upload: known };
  try {
    const bytes = await keep(stream, file, { sha256, size, most });
    const upload = {
      sha256,
      size: bytes,
      commit: commit ?? known?.commit ?? null,
      mode,
      by,
      at: new Date(now).toISOString(),
    };
    writeDurably(`${file}.json`, JSON.stringify(upload));
    prune(folder);
    return { created: true, upload };
  } catch (error) {
    if (error instanceof StepFailure) throw new Refusal(422, 'other_build', error.message);
    throw error;
  }
}

/** Parts of uploads that a kill left. */
export function dropParts(folder) {
  for (const name of readdirSync(folder)) if (name.endsWith('.part')) rmSync(path.join(folder, name), { force: true });
}

/** What was uploaded, newest first. */
export function uploads(folder) {
  if (!existsSync(folder)) return [];
  const all = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return all.map((name) => readJson(path.join(folder, name))).sort((a, b) => b.at.localeCompare(a.at));
}

function prune(folder) {
  for (const { sha256 } of uploads(folder).slice(KEPT_UPLOADS))
    for (const end of ['', '.json']) rmSync(path.join(folder, `${sha256}${end}`), { force: true });
}

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
  const bytes = await keep(
    answer.body ?? [],
    target,
    { sha256, size: artifact.size, most: config.limits.artifactBytes },
    signal,
  );
  log(`Fetched ${bytes} bytes; the SHA-256 is as announced.`);
  return { file: target, sha256 };
}

/** Of a commit that was built both ways, the one that is asked for; otherwise the one that says nothing about it. */
function uploaded(folder, { commit, sha256 }, mode) {
  const all = uploads(folder).filter((each) => (sha256 ? each.sha256 === sha256 : each.commit === commit));
  const found = all.find((each) => mode && each.mode === mode) ?? all.find((each) => !mode || !each.mode || sha256);
  if (found) return { file: path.join(folder, found.sha256), sha256: found.sha256 };
  const what = sha256 ? `with the SHA-256 ${sha256.slice(0, 12)}…` : `for the commit ${String(commit).slice(0, 7)}`;
  throw new StepFailure(`No build was uploaded ${what}. Let its pipeline upload one, then deploy again.`);
}

async function digestOfFile(file) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest('hex');
}

/** The first word of a file as `sha256sum` writes it. */
async function digestAt(url, ask) {
  const answer = await fetchAllowed(url, ask);
  let text = '';
  for await (const piece of answer.body ?? []) {
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
    const own = host.headerFile ? readFileSync(host.headerFile, 'utf8').trim() : null;
    const sent = header && url.origin === home ? header : own && headerOf(own);
    const answer = await request(url, sent, signal);
    const location = answer.headers.get('location');
    if (answer.status >= 300 && answer.status < 400 && location) {
      await answer.body?.cancel();
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
    if (plain && fits) return host;
  }
  throw new StepFailure(
    `Builds are not fetched from ${url.host} here. Add it to artifactHosts in the agent’s configuration if it is yours.`,
  );
}
