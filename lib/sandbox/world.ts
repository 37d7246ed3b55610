import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { Scenario, SimulatorFact, SimulatorWorld } from '@/lib/providers/port';

export interface SandboxWorld extends SimulatorWorld {
  /** Moves time forward by so many milliseconds, for good. */
  advance(ms: number): Promise<void>;
  setScenario(scenario: Scenario): Promise<void>;
  /** Waits for what is being written, then closes the journal. */
  close(): Promise<void>;
}

export interface WorldOptions {
  /** The journal's file; null keeps the world in memory only. */
  file: string | null;
  seed: number;
  /** What holds until another scenario is set; one from the journal wins. */
  scenario: Scenario;
  clock?: () => number;
}

/**
 * The sandbox's memory: an append-only journal of facts, one JSON object a line. A fact is on disk (fsync) before
 * anybody can see it; facts that arrive together share one fsync.
 * @throws Error when a line other than the last cannot be read.
 */
export async function openWorld({
  file,
  seed,
  scenario: initial,
  clock = Date.now,
}: WorldOptions): Promise<SandboxWorld> {
  const facts: SimulatorFact[] = file ? await replay(file) : [];
  const journal = file ? await Journal.open(file) : null;
  let offset = 0;
  let scenario = initial;
  const learn = (fact: SimulatorFact) => {
    if (fact.kind === 'time.advanced') offset += Number(fact.data.ms);
    if (fact.kind === 'scenario.set') scenario = fact.data.scenario as Scenario;
  };
  for (const fact of facts) learn(fact);

  const world: SandboxWorld = {
    now: () => clock() + offset,
    facts: () => facts,
    scenario: () => scenario,
    async record(fact) {
      await journal?.append(`${JSON.stringify(fact)}\n`);
      facts.push(fact);
      learn(fact);
    },
    advance: (ms) => world.record({ at: world.now(), kind: 'time.advanced', data: { ms } }),
    setScenario: (next) => world.record({ at: world.now(), kind: 'scenario.set', data: { scenario: next } }),
    close: async () => journal?.close(),
  };
  if (facts.length === 0) await world.record({ at: world.now(), kind: 'sandbox.start', data: { seed } });
  return world;
}

/** Reads the journal; a last line that a crash tore is cut off, since nobody was told of it. */
async function replay(file: string): Promise<SimulatorFact[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) await truncate(file, Buffer.byteLength(text.slice(0, end)));
  const lines = text.slice(0, end).split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as SimulatorFact;
    } catch {
      throw new Error(`The sandbox's journal ${file} is damaged at line ${index + 1}. Remove the file to begin anew.`);
    }
  });
}

interface Waiting {
  line: string;
  done: () => void;
  failed: (error: unknown) => void;
}

class Journal {
  readonly #handle: FileHandle;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(file: string): Promise<Journal> {
    await mkdir(path.dirname(file), { recursive: true });
    return new Journal(await open(file, constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY, 0o600));
  }

  append(line: string): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ line, done, failed });
      this.#writing ??= this.#write().finally(() => {
        this.#writing = null;
      });
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#handle.write(batch.map((one) => one.line).join(''));
        await this.#handle.datasync();
        for (const one of batch) one.done();
      } catch (error) {
        for (const one of batch) one.failed(error);
      }
    }
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }
}
