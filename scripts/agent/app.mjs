// One app: its folders, what runs of it, and what is live.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, pointDurably, pointedAt, readJson, writeDurably } from './durable.mjs';
import { Environment } from './environment.mjs';
import { isOver, Journal } from './journal.mjs';

const MAX_LOG = 10 * 1_048_576;
const FULL = ['ENOSPC', 'EDQUOT'];

export class App {
  constructor(config, settings, supervisor) {
    this.config = config;
    this.settings = settings;
    this.name = settings.name;
    this.home = path.join(config.root, 'apps', settings.name);
    for (const part of ['releases', 'uploads', 'incoming', 'run', 'logs']) makeFolder(this.folder(part));
    this.journal = new Journal(this.folder('deployments'), () => this.kept());
    this.environment = new Environment(this.home);
    this.supervisor = supervisor;
    /** Releases that are being replaced and may end at this `uptime`. */
    this.draining = new Map();
    /** The headers that deployments brought along, by id: in this memory and nowhere else. */
    this.headers = new Map();
    this.aborts = new Map();
    /** Ends that could not be written yet, by id. */
    this.unwritten = new Map();
    /** For waits: milliseconds of a clock that nobody sets. */
    this.uptime = () => performance.now();
    /** Whether an address leads here, as far as it was asked. */
    this.leadsHere = new Map();
    this.addressesAt = 0;
    this.write = writeDurably;
    this.front = frontOf(this.folder('run', 'front.json'));
  }

  folder(...parts) {
    return path.join(this.home, ...parts);
  }

  current() {
    return pointedAt(this.folder('current'));
  }

  /** The moment from which visitors get this release. */
  serve(release) {
    pointDurably(this.folder('current'), path.join('releases', release));
  }

  /** The deployment that built a release. */
  recordOf(release) {
    return this.journal.get(release);
  }

  isBuild(folder) {
    return this.modeOf(folder) !== null;
  }

  modeOf(folder) {
    if (existsSync(path.join(folder, this.settings.entry))) return 'server';
    return existsSync(path.join(folder, 'index.html')) ? 'static' : null;
  }

  runFile(release) {
    return this.folder('run', `${release}.json`);
  }

  running(release) {
    return release === null ? null : readJson(this.runFile(release));
  }

  /** Writes down how a release runs before it is started, so that whoever comes after finds it. */
  planRun(release, port) {
    const mode = this.modeOf(this.folder('releases', release));
    const { entry, basePath } = this.settings;
    const run = {
      release,
      port,
      mode,
      entry,
      basePath,
      env: this.environment.values(),
      startedAt: new Date().toISOString(),
    };
    try {
      this.write(this.runFile(release), JSON.stringify(run));
    } catch (error) {
      const before = this.running(release);
      // On a full disk what is live is started as it ran before; nobody waits for another way.
      if (!FULL.includes(error.code) || !before || release !== this.current() || this.journal.current()) throw error;
      return before;
    }
    return run;
  }

  /** The next number in the order in which releases were served; a clock may be put back. */
  nextServed() {
    return 1 + Math.max(0, ...this.journal.all().map(({ servedNo }) => servedNo ?? 0));
  }

  /** Releases that were served, the one that was served last first. */
  served() {
    const all = this.journal.all().filter(({ servedAt, kind }) => servedAt && kind === 'deploy');
    return all
      .sort((a, b) => (b.servedNo ?? 0) - (a.servedNo ?? 0) || b.servedAt.localeCompare(a.servedAt))
      .filter(({ id }) => existsSync(this.folder('releases', id)));
  }

  /** Which releases shall run: what is live, what goes on, what drains, and the few that were live before. */
  wanted() {
    const now = this.uptime();
    const current = this.current();
    const earlier = this.served().filter(({ id }) => id !== current);
    const going = this.journal.current()?.release ?? null;
    const draining = [...this.draining].filter(([, until]) => until > now).map(([id]) => id);
    return new Set(
      [current, going, ...draining, ...earlier.slice(0, this.settings.warm).map(({ id }) => id)].filter(Boolean),
    );
  }

  /** The same as if this record were not going on. */
  wantedWithout(record) {
    const wanted = this.wanted();
    const isServed = this.recordOf(record.release)?.servedAt;
    if (!isServed) wanted.delete(record.release);
    return wanted;
  }

  /** Which releases stay on the disk. */
  kept() {
    const current = this.current();
    const going = this.journal.current();
    const served = this.served().slice(0, this.settings.keep);
    return new Set([current, going?.id, going?.release, ...served.map(({ id }) => id)].filter(Boolean));
  }

  /** SHA-256 of the builds of these, and of what goes on. */
  digests() {
    const records = [...this.kept()].map((id) => this.recordOf(id));
    return new Set(records.flatMap((record) => record?.sha256 ?? record?.artifact?.sha256 ?? []));
  }

  /** Removes what no longer counts: old releases, half-fetched builds, logs that grew too long. */
  prune() {
    const kept = this.kept();
    for (const part of ['releases', 'incoming', 'run', 'logs']) {
      for (const name of readdirSync(this.folder(part))) {
        const id = name.replace(/\..*$/, '');
        if (!kept.has(id) && id !== 'front') rmSync(this.folder(part, name), { recursive: true, force: true });
      }
    }
    if (!this.journal.current())
      for (const name of readdirSync(this.folder('incoming')))
        rmSync(this.folder('incoming', name), { recursive: true, force: true });
    this.cutLogs();
  }

  /** What a release writes is kept up to a size: a log that fills the disk would end everything. */
  cutLogs() {
    for (const name of readdirSync(this.folder('logs'))) {
      const file = this.folder('logs', name);
      if (statSync(file).size > MAX_LOG) truncateSync(file);
    }
  }

  isIdle() {
    return this.journal.all().every(isOver);
  }
}

/** What the front was started with, and the key that the agent asks it by. */
function frontOf(file) {
  return {
    started() {
      const { key: _, ...settings } = readJson(file) ?? {};
      return settings;
    },
    key: () => readJson(file)?.key ?? null,
    plan(settings) {
      const key = readJson(file)?.key ?? randomBytes(32).toString('hex');
      const text = JSON.stringify({ ...settings, key });
      if (JSON.stringify(readJson(file)) !== text) writeDurably(file, text);
    },
  };
}
