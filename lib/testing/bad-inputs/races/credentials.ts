import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import {
  createConnection,
  createKeyRing,
  type OpenDeps,
  openConnection,
  rewrapSecrets,
  setCredential,
} from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { personActor, testContext } from '@/lib/db/testing/context';
import { systemClock } from '@/lib/kernel/clock';
import { providers } from '@/lib/providers/registry.generated';
import { meet, type Round } from './meeting';

const [FORMER, CURRENT] = [randomBytes(32), randomBytes(32)];
/** Instances from before a change of the key, and from after it. */
const RINGS = { before: createKeyRing(FORMER), after: createKeyRing(CURRENT, FORMER) };
const providerId = Object.values(providers).find(({ manifest: { credentialKinds } }) =>
  ['basic', 'token'].every((kind) => (credentialKinds as readonly string[]).includes(kind)),
)?.manifest.id;

/** The two halves of one name each other, so a mixture of two is seen. */
const pair = (n: number) => ({
  ...({ kind: 'basic', username: `user-${n}`, password: `word-${n}-of-${'x'.repeat(16)}`, tokenOrigin: null } as const),
});

/** Answers with the name of who asked; whoever remembers the answer to somebody else gets to hear that one. */
const vendor: typeof globalThis.fetch = async (input, init) => {
  const { headers } = new Request(input, init);
  if (headers.has('if-none-match')) return new Response(null, { status: 304, headers: { etag: '"the-same"' } });
  return new Response(headers.get('x-caller'), { headers: { etag: '"the-same"' } });
};

/** Which credential it is, whole. */
async function use(deps: OpenDeps, id: string): Promise<number> {
  const { context } = await openConnection(deps, id);
  const { credential } = context;
  if (credential.kind !== 'basic') throw new Error('Another kind of credential.');
  const n = Number(/^user-(\d+)$/.exec(credential.username)?.[1]);
  expect(credential.password.reveal(), 'both halves of one').toBe(pair(n).password);
  const caller = { headers: { 'x-caller': credential.username } };
  const answer = await context.fetch(`${context.origin}/api/v1/whoami`, caller);
  expect(await answer.text(), 'the answer to this one').toBe(credential.username);
  return n;
}

/** A new credential while others use it and the key of the vault changes. */
export async function rotation(database: Database): Promise<Round> {
  const { db } = database;
  const admin = testContext(db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });
  const settings = (keys: keyof typeof RINGS) => ({ keys: RINGS[keys], allowLoopbackHttp: true });
  const made = { name: 'Rotating', providerId: providerId ?? '', origin: 'https://rotating.example' };
  const { id } = await createConnection(admin, { ...made, credential: pair(0) }, settings('before'));
  const deps = { db, clock: systemClock, keys: RINGS.after, fetch: vendor, writesPerMinute: Number.POSITIVE_INFINITY };
  let n = 0;
  return async (meeting) => {
    const [former, next] = [++n, ++n];
    await setCredential(admin, { id, credential: pair(former) }, settings('before'));
    const uses = async () => [await use(deps, id), await use(deps, id), await use(deps, id)];
    const [, seen] = await meet(
      database,
      { ...meeting, reach: { first: 30, second: 20 } },
      () =>
        Promise.all([
          setCredential(admin, { id, credential: pair(next) }, settings(meeting.variant % 2 ? 'before' : 'after')),
          rewrapSecrets(db, RINGS.after),
        ]),
      uses,
    );
    expect(seen.filter((each) => each !== former && each !== next)).toEqual([]);
    expect(seen, 'nobody goes back to the former one').toEqual([...seen].sort((a, b) => a - b));
    expect(await use(deps, id), 'the new one stays').toBe(next);
    await rewrapSecrets(db, RINGS.after);
    expect(await use(deps, id), 'and under the new key').toBe(next);
    const [first, last] = [seen[0], seen.at(-1)];
    return first !== last ? 'in the middle' : first === former ? 'used the former' : 'used the new';
  };
}
