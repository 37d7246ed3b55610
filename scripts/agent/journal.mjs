// What was asked for and how far it is, one file each. The file is on the disk before anybody is told.
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, readJson, writeDurably } from './durable.mjs';
import { Refusal } from './refusal.mjs';
import { struck } from './struck.mjs';

/** In order. `switching` cannot be cancelled any more. */
export const PHASES = [
  'queued',
  'fetching',
  'unpacking',
  'starting',
  'checking',
  'switching',
  'live',
  'failed',
  'cancelled',
];
const OVER = new Set(['live', 'failed', 'cancelled']);
const KEPT = 500;
const CHUNK = 65_536;

export const isOver = ({ phase }) => OVER.has(phase);

/** The same for the same request, however its fields are ordered. */
export function digestOfRequest(body) {
  const sorted = (value) =>
    value && typeof value === 'object'
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key])]),
        )
      : value;
  return createHash('sha256')
    .update(JSON.stringify(sorted(body)))
    .digest('hex');
}

export class Journal {
  #folder;
  #records = new Map();
  #kept;

  /** `kept`: ids whose records stay however old they are. */
  constructor(folder, kept = () => new Set()) {
    this.#folder = folder;
    this.#kept = kept;
    makeFolder(folder);
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const all = names.map((name) => readJson(path.join(folder, name)));
    for (const record of all.sort((a, b) => a.id.localeCompare(b.id))) this.#records.set(record.id, record);
  }

  /** Oldest first. */
  all() {
    return [...this.#records.values()];
  }

  get(id) {
    return this.#records.get(id) ?? null;
  }

  byKey(key) {
    return this.all().find((record) => record.key === key) ?? null;
  }

  /** What has not ended; at most one, because `open` refuses a second. */
  current() {
    return this.all().find((record) => !isOver(record)) ?? null;
  }

  /**
   * Exactly one record for a key: the same request again finds it, another request under that key is refused, and so is a
   * second one while the first goes on.
   */
  open({ key, digest, ...wanted }, now) {
    const known = this.byKey(key);
    if (known?.digest === digest) return { record: known, created: false };
    if (known)
      throw new Refusal(409, 'key_reused', 'This Idempotency-Key was used for another request. Send a new one.');
    const busy = this.current();
    if (busy)
      throw new Refusal(
        409,
        'busy',
        `${busy.id} goes on (${busy.phase}). One at a time: wait for its end or cancel it.`,
      );
    const at = new Date(now).toISOString();
    // Ids sort by the order of their making.
    const id = `${String(Math.max(now, this.#newest() + 1)).padStart(14, '0')}-${randomBytes(4).toString('hex')}`;
    const record = {
      ...{ id, key, digest, release: id, ...wanted, phase: 'queued', failure: null, cancelRequested: false },
      ...{ createdAt: at, startedAt: null, finishedAt: null, servedAt: null, reached: 'queued' },
    };
    this.save(record);
    this.#forgetOldest();
    return { record, created: true };
  }

  #newest() {
    return Number(this.all().at(-1)?.id.slice(0, 14) ?? 0);
  }

  save(record) {
    writeDurably(path.join(this.#folder, `${record.id}.json`), JSON.stringify(record));
    this.#records.set(record.id, record);
  }

  #forgetOldest() {
    const over = this.all().filter((record) => isOver(record) && record.kind === 'restore');
    const old = [...over.slice(0, -20), ...this.all().filter(isOver).slice(0, -KEPT)];
    const kept = this.#kept();
    for (const { id } of old.filter((record) => !kept.has(record.id))) {
      for (const end of ['json', 'log']) rmSync(path.join(this.#folder, `${id}.${end}`), { force: true });
      this.#records.delete(id);
    }
  }

  /** A line of its log, with the time. Values that may not be shown are struck out first. */
  say(record, text, hidden = []) {
    const lines = struck(text, hidden)
      .split('\n')
      .map((line) => `${new Date().toISOString()} ${line}\n`);
    appendFileSync(path.join(this.#folder, `${record.id}.log`), lines.join(''), { mode: 0o640 });
  }

  /** From a byte on, up to 64 KiB; `cursor` is null when it has ended and all of it was read. */
  readLog(record, cursor) {
    const from = cursor === null ? 0 : /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
    if (Number.isNaN(from))
      throw new Refusal(400, 'bad_cursor', 'This place in the log is not known. Read the log from its start.');
    const ended = isOver(record);
    const file = path.join(this.#folder, `${record.id}.log`);
    if (!existsSync(file)) return { text: '', cursor: ended ? null : '0' };
    const handle = openSync(file, 'r');
    try {
      const { size } = fstatSync(handle);
      const bytes = Buffer.alloc(Math.max(0, Math.min(CHUNK, size - from)));
      readSync(handle, bytes, 0, bytes.length, from);
      // Whole lines only, so that no letter is cut in two.
      const whole = bytes.length < CHUNK ? bytes.length : bytes.lastIndexOf(10) + 1 || bytes.length;
      const next = from + whole;
      return { text: bytes.subarray(0, whole).toString('utf8'), cursor: ended && next >= size ? null : String(next) };
    } finally {
      closeSync(handle);
    }
  }
}
