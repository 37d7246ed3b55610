import 'server-only';
import type pg from 'pg';
import type { Tx } from './client';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

/** What drizzle keeps to itself: the connection that a transaction has. */
function connectionOf(tx: Tx): pg.PoolClient {
  const { client } = (tx as unknown as { session?: { client?: pg.PoolClient } }).session ?? {};
  if (!client) throw new Error('The transaction does not show its connection.');
  return client;
}

/**
 * Reads a query as Postgres's binary COPY, which costs a tenth of rows as objects. `onRow` gets the bytes and where a row begins
 * in them (its number of fields in 16 bits; then each field as its length in 32 bits, −1 for null, and its bytes), and returns
 * where it ends. The bytes are only good during the call. Rejects with what `onRow` threw, a `DatabaseError`, or a time-out.
 */
export function copyOut(tx: Tx, query: string, onRow: OnRow): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null) => (error ? reject(error) : resolve());
    connectionOf(tx).query(new CopyOut(`copy (${query}) to stdout (format binary)`, onRow, settle));
  });
}

type OnRow = (bytes: Buffer, at: number) => number;

interface Wire {
  query(text: string): void;
  stream: { destroy(): void };
}

/** What the driver asks of a query of its own kind. */
class CopyOut implements pg.Submittable {
  readonly #text: string;
  readonly #onRow: OnRow;
  readonly #settle: (error: Error | null) => void;
  #begun = false;
  #ended = false;
  #failure: Error | null = null;
  /** The driver hangs its timer on it. */
  callback: ((error?: Error) => void) | undefined;

  constructor(text: string, onRow: OnRow, settle: (error: Error | null) => void) {
    this.#text = text;
    this.#onRow = onRow;
    this.#settle = settle;
  }

  submit(connection: unknown): void {
    (connection as Wire).query(this.#text);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.#failure) return;
    try {
      const at = this.#begun ? 0 : headerEnd(chunk);
      this.#begun = true;
      if (this.#ended) throw new Error('The COPY goes on after its end.');
      // Only alone: inside of a row these bytes may stand for anything.
      this.#ended = chunk.length === at + 2 && chunk.readInt16BE(at) === -1;
      // Postgres sends one whole row at a time; a rest would be read wrong, or not at all.
      if (!this.#ended && this.#onRow(chunk, at) !== chunk.length)
        throw new Error('A row of the COPY was cut, or read wrong.');
    } catch (error) {
      // Thrown out of here it would end the process; the rest of the answer passes by.
      this.#failure = error as Error;
    }
  }

  handleCommandComplete(): void {
    if (!this.#ended) this.#failure ??= new Error('The COPY has no end.');
  }

  handleError(error: Error, connection: unknown): void {
    // After a time-out nobody knows what is still on its way.
    if (error.message === 'Query read timeout') (connection as Wire).stream.destroy();
    this.callback?.(error);
    this.#settle(error);
  }

  handleReadyForQuery(): void {
    this.callback?.();
    this.#settle(this.#failure);
  }
}

function headerEnd(chunk: Buffer): number {
  if (chunk.compare(SIGNATURE, 0, 11, 0, 11) !== 0) throw new Error('This is no binary COPY.');
  return 19 + chunk.readInt32BE(15);
}
