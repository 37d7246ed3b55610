// What bodies may say. A field that is not known is refused: it was meant to do something.
import { headerOf, requireAllowed } from './artifacts.mjs';
import { Refusal, StepFailure } from './refusal.mjs';

const bad = (sentence) => new Refusal(400, 'bad_request', sentence);

/** Idempotency-Key: the console's marker, or whatever names this one request for others. */
export function keyOf(request) {
  const key = request.headers['idempotency-key'] ?? '';
  if (/^[\x21-\x7e]{8,200}$/.test(key)) return key;
  throw bad(
    'Send an Idempotency-Key of 8 to 200 plain characters: the same key is one deployment, however often it is sent.',
  );
}

function only(value, names, what) {
  const stray = Object.keys(value).find((name) => !names.includes(name));
  if (stray !== undefined) throw bad(`${what} has no field “${stray.slice(0, 40)}”.`);
}

function text(value, pattern, sentence) {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !pattern.test(value)) throw bad(sentence);
  return value;
}

function addressOf(value, name, config) {
  if (value === undefined) return null;
  if (typeof value !== 'string' || value.length > 2_048 || !URL.canParse(value))
    throw bad(`“${name}” is a whole address.`);
  try {
    requireAllowed(config, new URL(value));
  } catch (error) {
    if (error instanceof StepFailure) throw new Refusal(422, 'host_not_allowed', error.message);
    throw error;
  }
  return value;
}

function artifactOf(artifact, config) {
  if (artifact === null || typeof artifact !== 'object') throw bad('“artifact” says which build.');
  only(artifact, ['url', 'sha256', 'size', 'checksumUrl', 'commit', 'header'], 'artifact');
  const url = addressOf(artifact.url, 'url', config);
  const checksumUrl = addressOf(artifact.checksumUrl, 'checksumUrl', config);
  const sha256 = text(artifact.sha256, /^[0-9a-f]{64}$/, '“sha256” has 64 hexadecimal digits.');
  const commit = text(artifact.commit, /^[0-9a-f]{40}$/, '“commit” has 40 hexadecimal digits.');
  const { size } = artifact;
  if (size !== undefined && (!Number.isSafeInteger(size) || size <= 0)) throw bad('“size” is a number of bytes.');
  if (url && !sha256 && !checksumUrl)
    throw bad('A build that is fetched needs its “sha256”, or a “checksumUrl” that says it.');
  if (!url && !sha256 && !commit) throw bad('Name the build: “url”, or “sha256” or “commit” of one that was uploaded.');
  const fields = { url, checksumUrl, sha256, commit, ...(size === undefined ? {} : { size }) };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function headerFor({ header }) {
  if (header === undefined) return null;
  const found = typeof header === 'object' && header !== null ? headerOf(`${header.name}: ${header.value}`) : null;
  if (!found) throw bad('“header” has a name and a value of plain characters.');
  return found;
}

/** What a deployment is, and the header that goes along and is not kept. */
export function deploymentBody(body, config) {
  only(body, ['artifact', 'commit', 'ref', 'mode'], 'A deployment');
  const { mode = null } = body;
  if (mode !== null && mode !== 'server' && mode !== 'static') throw bad('“mode” is server or static.');
  const wanted = {
    artifact: artifactOf(body.artifact, config),
    commit: text(body.commit, /^[0-9a-f]{40}$/, '“commit” has 40 hexadecimal digits.'),
    ref: text(body.ref, /^[^\p{C}]{1,255}$/u, '“ref” is a branch or tag.'),
    mode,
  };
  return { wanted, header: headerFor(body.artifact) };
}

export function restoreBody(body) {
  only(body, ['release', 'as'], 'A restore');
  const release = text(body.release, /^[\w-]{1,60}$/, '“release” is the id of a deployment.');
  if (!release) throw bad('Say which “release” to restore.');
  return { release, as: text(body.as, /^(promote|restore)$/, '“as” is promote or restore.') ?? 'restore' };
}
