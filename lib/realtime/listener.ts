import pg from 'pg';
import { CHANNEL } from './publish';

export interface Listening {
  /** Resolves after the first attempt, whether or not it succeeded. */
  first: Promise<void>;
  /** Connects again when the connection was lost. */
  mend(): void;
  close(): Promise<void>;
}

/** LISTEN on a connection of its own: a pooled one would be handed to others. */
export function keepListening(url: string, on: { onNotify: () => void; onError: (error: Error) => void }): Listening {
  let client: pg.Client | null = null;
  let closed = false;

  async function connect(): Promise<void> {
    const mine = new pg.Client({ connectionString: url, application_name: 'aetherstack-feed', keepAlive: true });
    const lost = (error?: Error) => {
      if (client !== mine || closed) return;
      client = null;
      if (error) on.onError(error);
      mine.end().catch(() => {});
    };
    client = mine;
    mine.on('error', lost);
    mine.on('end', () => lost());
    mine.on('notification', on.onNotify);
    try {
      await mine.connect();
      await mine.query(`listen ${CHANNEL}`);
    } catch (error) {
      lost(error instanceof Error ? error : new Error(String(error)));
    }
  }

  return {
    first: connect(),
    mend: () => {
      if (!client && !closed) void connect();
    },
    close: async () => {
      closed = true;
      await client?.end().catch(() => {});
    },
  };
}
