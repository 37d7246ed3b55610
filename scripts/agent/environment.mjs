// Environment variables of an app: written, never given back. A release runs with those of the moment in which it started.
import path from 'node:path';
import { readJson, writeDurably } from './durable.mjs';
import { Refusal } from './refusal.mjs';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;
const OURS = /^(AETHERSTACK_R[A-Z0-9_]*|PORT|HOSTNAME|NODE_ENV|NODE_OPTIONS|PATH|HOME|LD_[A-Z_]*)$/;
const MOST = 300;
const MAX_BYTES = 65_536;

export class Environment {
  #file;

  constructor(home) {
    this.#file = path.join(home, 'env.json');
  }

  #read() {
    return readJson(this.#file) ?? {};
  }

  values() {
    return Object.fromEntries(Object.entries(this.#read()).map(([name, { value }]) => [name, value]));
  }

  /** Names with whether the running release has exactly this value; `live` null while nothing runs. */
  list(running) {
    const all = Object.entries(this.#read()).sort(([a], [b]) => a.localeCompare(b));
    return all.map(([name, { value, createdAt, updatedAt }]) => ({
      name,
      createdAt,
      updatedAt,
      live: running && running[name] === value,
    }));
  }

  /** Names whose change is not live: another value, or one that was taken away. */
  changed(running) {
    const values = this.values();
    const names = new Set([...Object.keys(values), ...Object.keys(running)]);
    return [...names].filter((name) => values[name] !== running[name]).sort();
  }

  write(name, value, now) {
    if (!NAME.test(name))
      throw new Refusal(400, 'bad_name', 'A name has letters, digits and _ only, and begins with no digit.');
    if (OURS.test(name))
      throw new Refusal(
        400,
        'reserved_name',
        `${name} is set by the agent itself, or would change how a release is started.`,
      );
    if (typeof value !== 'string' || value.includes('\0'))
      throw new Refusal(400, 'bad_value', 'A value is a text without NUL.');
    if (Buffer.byteLength(value) > MAX_BYTES)
      throw new Refusal(413, 'too_large', `A value has at most ${MAX_BYTES} bytes.`);
    const all = this.#read();
    const known = Object.hasOwn(all, name) ? all[name] : null;
    if (!known && Object.keys(all).length >= MOST)
      throw new Refusal(409, 'too_many', `An app has at most ${MOST} variables.`);
    const at = new Date(now).toISOString();
    // A name such as __proto__ is a name like any other.
    const next = Object.fromEntries([
      ...Object.entries(all).filter(([each]) => each !== name),
      [name, { value, createdAt: known?.createdAt ?? at, updatedAt: at }],
    ]);
    writeDurably(this.#file, JSON.stringify(next));
    return { created: !known };
  }

  remove(name) {
    const all = this.#read();
    if (!Object.hasOwn(all, name)) return false;
    writeDurably(this.#file, JSON.stringify(Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))));
    return true;
  }
}
