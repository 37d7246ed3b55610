// How a deployment goes: each step is written down before it is done and may be done again, so that a kill between any two
// lines is made good by the next start.
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bring } from './artifacts.mjs';
import { syncFolder } from './durable.mjs';
import { healthy } from './health.mjs';
import { isOver } from './journal.mjs';
import { StepFailure } from './refusal.mjs';
import { tailOf } from './struck.mjs';
import { liftOnlyFolder, unpack } from './unpack.mjs';
import { keepFront } from './upkeep.mjs';

export const STEPS = ['fetching', 'unpacking', 'starting', 'checking', 'switching'];
/** Values of variables: those of now, and those that a release was started with. */
const hiddenOf = (app, { release }) =>
  [app.environment.values(), app.running(release)?.env ?? {}].flatMap(Object.values);
/** A line that cannot be written is no reason for a deployment to fail. */
function say(app, record, text) {
  try {
    app.journal.say(record, text, hiddenOf(app, record));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
  }
}

/** What each step does. `signal` ends what can be ended when somebody cancels. */
const WORK = {
  async fetching(app, record, signal) {
    const header = app.headers.get(record.id) ?? null;
    if (record.hasHeader && !header) {
      throw new StepFailure(
        'The agent was restarted while it fetched the build, and the header for it is not kept. Deploy again.',
      );
    }
    const target = app.folder('incoming', record.id);
    const found = await bring(app.config, app.folder('uploads'), record.artifact, {
      target,
      mode: record.mode,
      header,
      signal,
      log: (text) => say(app, record, text),
    });
    app.headers.delete(record.id);
    record.sha256 = found.sha256;
    record.file = found.file;
    say(app, record, `The build has the SHA-256 ${found.sha256}.`);
  },

  async unpacking(app, record, signal) {
    const releases = app.folder('releases');
    const place = path.join(releases, record.id);
    if (existsSync(place)) {
      record.built = app.modeOf(place);
      return;
    }
    const half = app.folder('incoming', `${record.id}.unpacked`);
    for (const left of [half, `${half}.inner`]) rmSync(left, { recursive: true, force: true });
    const { files, bytes } = await unpack(record.file, half, app.config.limits, signal);
    liftOnlyFolder(half, (folder) => app.isBuild(folder));
    const mode = app.modeOf(half);
    if (!mode) {
      throw new StepFailure(
        `The build has neither ${app.settings.entry} (a server) nor index.html (a static export) at its top. Pack what is inside .next/standalone, or inside the export's folder.`,
      );
    }
    if (record.mode && record.mode !== mode) {
      throw new StepFailure(
        `A ${record.mode} build was asked for, and this is a ${mode} one. Nothing of it was started.`,
      );
    }
    record.built = mode;
    renameSync(half, place);
    syncFolder(releases);
    say(app, record, `Unpacked ${files} entries, ${bytes} bytes: a ${mode} build.`);
  },

  async starting(app, record) {
    const { release } = record;
    if (!existsSync(app.folder('releases', release)))
      throw new StepFailure(`The release ${release} is not kept here any more. Deploy its commit again.`);
    if (await app.supervisor.isRunning(app, release)) {
      const run = app.running(release);
      const isSame = run && app.environment.changed(run.env).length === 0;
      if (isSame || release === app.current()) return say(app, record, `It runs already, on port ${run?.port}.`);
      say(app, record, 'It still runs, with variables of then; it is started anew.');
      await app.supervisor.stop(app, release);
    }
    const { port } = await app.supervisor.start(app, release);
    say(app, record, `Started on port ${port}.`);
  },

  async checking(app, record, signal) {
    const { release } = record;
    const { health, basePath } = app.settings;
    const port = app.running(release)?.port;
    const alive = () => app.supervisor.isRunning(app, release);
    const own = () => app.supervisor.listens?.(app, release, port) ?? null;
    const problem = await healthy({ port, ...health, basePath, alive, own, signal });
    if (problem) {
      showLast(app, record, release);
      throw new StepFailure(`${problem} What was live stays live.`);
    }
    say(app, record, `GET ${health.path} is answered well.`);
    await throughFront(app, record, signal);
  },

  async switching(app, record) {
    const before = app.current();
    app.serve(record.release);
    await app.gate('switching:pointed', record);
    const built = app.recordOf(record.release);
    if (built) {
      built.servedAt = new Date(app.now()).toISOString();
      built.servedNo = app.nextServed();
      built.servedBy = record.by;
      if (built.id !== record.id) app.journal.save(built);
    }
    if (before && before !== record.release) app.draining.set(before, app.uptime() + app.settings.drainMs);
    say(
      app,
      record,
      before && before !== record.release
        ? `Visitors get it now; ${before} ends when its requests are answered.`
        : 'Visitors get it now.',
    );
  },
};

const FRONT_TRIES = 25;

/** What was written last by a release, or by the front. */
function showLast(app, record, name) {
  const tail = tailOf(app.folder('logs', `${name}.log`), hiddenOf(app, record));
  say(app, record, `What it wrote last:\n${tail}`);
}

/** Visitors arrive at the front. Where another program has its port, nothing that is started here reaches anybody. */
async function throughFront(app, record, signal) {
  const { front } = app.supervisor;
  app.pauses.front.reset();
  for (let n = 0; n < FRONT_TRIES; n++) {
    if (await front.isUp(app, record.release)) return say(app, record, 'It is answered well through the front, too.');
    if (signal?.aborted) throw new StepFailure('It was cancelled.');
    await keepFront(app);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  showLast(app, record, 'front');
  const { host, port } = app.settings.front;
  throw new StepFailure(
    `It runs and is well, but what answers at ${host}:${port} is not the front of this app: another program may have that port. End that, or give the app another port, then deploy again. Nothing was switched.`,
  );
}

/** After a restart a process may be gone that was started before: it is started and checked before it is switched to. */
function resumedAt(app, { phase, release }) {
  const isBefore = phase === 'checking' || (phase === 'switching' && app.current() !== release);
  return isBefore ? 'starting' : phase;
}

/** Takes a record to its end, from wherever it is. Throws only when its end cannot be written; the next tick goes on. */
export async function advance(app, record) {
  const abort = new AbortController();
  app.aborts.set(record.id, abort);
  const begin = record.kind === 'restore' ? STEPS.indexOf('starting') : 0;
  const resumed = resumedAt(app, record);
  const unwritten = app.unwritten.get(record.id);
  try {
    if (unwritten) return await end(app, record, unwritten.phase, unwritten.failure);
    for (const step of STEPS.slice(Math.max(begin, STEPS.indexOf(resumed)))) {
      await app.gate(step, record);
      if (record.cancelRequested) return await end(app, record, 'cancelled', null);
      enter(app, record, step);
      await app.gate(`${step}:entered`, record);
      await WORK[step](app, record, abort.signal);
      await app.gate(`${step}:done`, record);
    }
    await end(app, record, 'live', null);
  } catch (error) {
    if (unwritten) throw error;
    dropHalf(app, record);
    if (record.cancelRequested && record.phase !== 'switching') return await end(app, record, 'cancelled', null);
    // Visitors get it: it is live, whatever could not be written about it.
    if (record.phase === 'switching' && record.release === app.current()) return await end(app, record, 'live', null);
    await end(app, record, 'failed', { step: record.phase, sentence: sentenceFor(error) });
  } finally {
    app.aborts.delete(record.id);
    app.headers.delete(record.id);
  }
}

/** What was half unpacked may be what fills the disk, so that not even the end could be written. */
function dropHalf(app, { id }) {
  for (const end of ['unpacked', 'unpacked.inner'])
    rmSync(app.folder('incoming', `${id}.${end}`), { recursive: true, force: true });
}

function sentenceFor(error) {
  if (error instanceof StepFailure) return error.message;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return 'The disk of the server is full. Make room on it, then deploy again.';
  return `The agent itself had trouble (${error.code ?? error.message}).`;
}

/** Written down before the step is done; never backwards. */
function enter(app, record, step) {
  if (STEPS.indexOf(step) < STEPS.indexOf(record.phase)) return;
  record.phase = step;
  record.reached = step;
  record.startedAt ??= new Date(app.now()).toISOString();
  app.journal.save(record);
}

async function end(app, record, phase, failure) {
  if (phase !== 'live' && record.release !== app.current()) {
    // A restore that failed leaves what ran before it as it was, unless it was only just started.
    if (!app.wantedWithout(record).has(record.release)) await app.supervisor.stop(app, record.release);
  }
  if (failure) say(app, record, failure.sentence);
  const before = { phase: record.phase, failure: record.failure, finishedAt: null };
  const at = new Date(app.now()).toISOString();
  Object.assign(record, { phase, failure, finishedAt: at });
  if (phase === 'live' && record.id === record.release) {
    record.servedAt ??= at;
    record.servedNo ??= app.nextServed();
  }
  try {
    app.journal.save(record);
  } catch (error) {
    // It has not ended before that is on the disk.
    Object.assign(record, before);
    app.unwritten.set(record.id, { phase, failure });
    throw error;
  }
  app.unwritten.delete(record.id);
  if (isOver(record)) app.prune();
}
