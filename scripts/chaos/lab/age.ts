import { openDatabase } from '@/lib/db/client';

const MOVED = {
  deployments: ['requested_at', 'status_since', 'submitted_at', 'deadline_at', 'next_check_at', 'attention_since'],
  attempts: ['sent_at', 'answered_at', 'lease_until'],
};

/** Makes a database so much older: every time that the engine goes by, in its rows. No clock is moved. */
export async function age(url: string, hours: number): Promise<void> {
  const database = openDatabase(url, { max: 1 });
  const ago = `make_interval(hours => ${hours})`;
  try {
    for (const [table, columns] of Object.entries(MOVED))
      await database.pool.query(
        `update ${table} set ${columns.map((each) => `${each} = ${each} - ${ago}`).join(', ')}`,
      );
    await database.pool.query(`
      update settings set value = jsonb_set(value, '{at}', to_jsonb(to_char(
        ((value ->> 'at')::timestamptz - ${ago}) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
      where key = 'engine.heartbeat' and value ->> 'at' <> ''`);
  } finally {
    await database.close();
  }
}
