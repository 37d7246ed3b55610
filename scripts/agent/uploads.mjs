// Builds that pipelines upload, and which of them is the build of a commit: the first that was uploaded for it, for ever.
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, readJson, writeDurably } from './durable.mjs';
import { keep } from './kept-file.mjs';
import { Refusal, StepFailure } from './refusal.mjs';

export const SHA256 = /^[0-9a-f]{64}$/;
const KEPT = 20;
const AT_ONCE = 2;
const FULL = ['ENOSPC', 'EDQUOT'];
const MODES = ['server', 'static'];
/** Uploads that go on, by folder. */
const going = new Map();

const claimFile = (folder, commit, mode) => path.join(folder, 'commits', mode ? `${commit}.${mode}` : commit);

/** The digest of a commit's build of this kind; null when none was uploaded. */
function claimed(folder, commit, mode) {
  const file = claimFile(folder, commit, mode);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** A build for both kinds excludes another one for either. */
function requireUnclaimed(folder, { commit, mode, sha256 }) {
  const kinds = mode ? [mode, null] : [null, ...MODES];
  const isTaken = kinds.some((kind) => ![null, sha256].includes(claimed(folder, commit, kind)));
  if (!isTaken) return;
  throw new Refusal(
    409,
    'commit_taken',
    `Another build was uploaded for ${commit.slice(0, 7)} already. One commit has one build of each kind; push a commit to build again.`,
  );
}

/** Looked at and written without a pause between, so of two at once one is refused. It outlives the build itself. */
function claim(folder, wanted) {
  requireUnclaimed(folder, wanted);
  if (claimed(folder, wanted.commit, wanted.mode) === wanted.sha256) return;
  makeFolder(path.join(folder, 'commits'));
  writeDurably(claimFile(folder, wanted.commit, wanted.mode), wanted.sha256);
}

/** Takes an upload. The same bytes again change nothing; another build for the same commit is refused. */
export async function takeUpload(folder, about, stream) {
  const { sha256, commit } = about;
  if (!SHA256.test(sha256))
    throw new Refusal(400, 'bad_digest', 'The last part of the address is the SHA-256 of the build, in hexadecimal.');
  if (commit) requireUnclaimed(folder, about);
  const known = existsSync(path.join(folder, sha256)) && readJson(path.join(folder, `${sha256}.json`));
  try {
    if (known) {
      if (commit) claim(folder, about);
      return { created: false, upload: { ...known, commit: commit ?? known.commit, mode: about.mode ?? known.mode } };
    }
    return { created: true, upload: await oneOfFew(folder, about, stream) };
  } catch (error) {
    if (error instanceof StepFailure) throw new Refusal(422, 'other_build', error.message);
    if (FULL.includes(error.code)) throw diskFull();
    throw error;
  }
}

const diskFull = () =>
  new Refusal(507, 'disk_full', 'The server has no room for this build. Make room on its disk, then upload again.');

/** Bytes are only read for a few at once, and only when they have room. */
async function oneOfFew(folder, about, stream) {
  const count = going.get(folder) ?? 0;
  if (count >= AT_ONCE)
    throw new Refusal(503, 'uploads_busy', `${AT_ONCE} uploads go on already. Try again in a moment.`);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < about.size + about.freeBytes) throw diskFull();
  going.set(folder, count + 1);
  try {
    return await written(folder, about, stream);
  } finally {
    going.set(folder, going.get(folder) - 1);
  }
}

async function written(folder, about, stream) {
  const { sha256, size, commit, mode, by, most, now } = about;
  const file = path.join(folder, sha256);
  const bytes = await keep(stream, file, { sha256, size, most });
  const upload = { sha256, size: bytes, commit, mode, by, at: new Date(now).toISOString() };
  writeDurably(`${file}.json`, JSON.stringify(upload));
  if (commit) claim(folder, about);
  prune(folder, about.needed);
  return upload;
}

/** What a kill left of uploads: parts, and builds of which nothing was written down, that no pruning would ever find. */
export function dropParts(folder) {
  const names = readdirSync(folder);
  const isLeft = (name) => name.endsWith('.part') || (SHA256.test(name) && !names.includes(`${name}.json`));
  for (const name of names.filter(isLeft)) rmSync(path.join(folder, name), { force: true });
}

/** What was uploaded, newest first. */
function uploads(folder) {
  const all = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return all.map((name) => readJson(path.join(folder, name))).sort((a, b) => b.at.localeCompare(a.at));
}

/** `needed`: digests that stay however old: of what can be served again, so that its commit can be deployed again, too. */
function prune(folder, needed = () => new Set()) {
  const old = uploads(folder).slice(KEPT);
  const stays = needed();
  for (const { sha256 } of old.filter((each) => !stays.has(each.sha256)))
    for (const end of ['', '.json']) rmSync(path.join(folder, `${sha256}${end}`), { force: true });
}

/** Of a commit that was built both ways, the one that is asked for; otherwise the one that says nothing about it. */
export function uploaded(folder, { commit, sha256 }, mode) {
  const kinds = mode ? [mode, null] : [null, ...MODES];
  const found = sha256 ?? kinds.map((kind) => claimed(folder, commit, kind)).find(Boolean);
  const file = found && path.join(folder, found);
  if (file && existsSync(file)) return { file, sha256: found };
  const what = sha256 ? `with the SHA-256 ${sha256.slice(0, 12)}…` : `for the commit ${String(commit).slice(0, 7)}`;
  if (!found || sha256)
    throw new StepFailure(`No build was uploaded ${what}. Let its pipeline upload it, then deploy again.`);
  throw new StepFailure(
    `No build is kept any more ${what} (the newest ${KEPT} are, and those of releases that are kept). Upload the very same file again, or push a commit, which is built anew, and deploy that.`,
  );
}
