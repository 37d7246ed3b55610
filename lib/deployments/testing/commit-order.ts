import type { EngineWorld } from './engine-world';

/**
 * Numbers what commits, in the order in which it commits: deferred triggers run at the end of a transaction while it
 * still holds its locks, so of two that exclude each other the earlier one has the smaller number.
 */
export async function recordCommits({ database }: Pick<EngineWorld, 'database'>): Promise<void> {
  await database.pool.query(`
    create sequence commit_order;
    create table commits (what text, id text, n bigint default nextval('commit_order'));
    create function note_commit() returns trigger language plpgsql as $$
    begin
      insert into commits (what, id) values (tg_argv[0], case tg_argv[0] when 'dispatch' then to_jsonb(new)->>'deployment_id' when 'role' then to_jsonb(old)->>'user_id' else to_jsonb(new)->>'id' end);
      return null;
    end $$;
    create constraint trigger c1 after insert on attempts deferrable initially deferred for each row execute function note_commit('dispatch');
    create constraint trigger c2 after insert on freezes deferrable initially deferred for each row execute function note_commit('freeze');
    create constraint trigger c3 after insert on pins deferrable initially deferred for each row execute function note_commit('pin');
    create constraint trigger c4 after delete on grants deferrable initially deferred for each row execute function note_commit('role');
    create constraint trigger c5 after update of policy on environments deferrable initially deferred for each row execute function note_commit('policy');`);
}

/** What committed since the last call, in order. */
export async function takeCommits({
  database,
}: Pick<EngineWorld, 'database'>): Promise<{ what: string; id: string }[]> {
  const taken = await database.pool.query<{ what: string; id: string; n: string }>(
    'delete from commits returning what, id, n',
  );
  return taken.rows.sort((a, b) => Number(a.n) - Number(b.n));
}

/** Rounds until the figure or the time is reached; at least `atLeast`, or the race was not run. Returns how many. */
export async function rounds(
  wanted: { figure: number; forMs: number; atLeast: number },
  round: (n: number) => Promise<void>,
): Promise<number> {
  const until = performance.now() + wanted.forMs;
  let done = 0;
  while (done < wanted.figure && (performance.now() < until || done < wanted.atLeast)) await round(done++);
  return done;
}

/** Yields to the other side of a race `turns` times, so that rounds do not all meet at the same point. */
export async function stagger(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Statements that wait for a lock at this moment, in lower case. */
export async function waitingForLocks({ database }: Pick<EngineWorld, 'database'>): Promise<string[]> {
  const found = await database.pool.query<{ query: string }>(
    `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return found.rows.map((row) => row.query.toLowerCase());
}
