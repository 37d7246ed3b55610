import { randomBytes } from 'node:crypto';
import { asc, sql } from 'drizzle-orm';
import { createKeyRing } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { notifications } from '@/lib/db/schema';
import { personActor, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeEvent, makeTarget } from '@/lib/db/testing/factories';
import { subscribe } from '../server';

export const PATH_CANARY = 'T0K3N-path-canary-8c1d';
export const KEY = randomBytes(32);
export const settings = {
  keys: createKeyRing(KEY),
  rules: { allowLoopback: false, privateOrigins: new Set<string>() },
};
export const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
export const ok = () => new Response('thanks', { status: 200 });

export type Sent = { url: string; headers: Headers; body: string };

/** One database with an administrator and an outside that answers as told. */
export function notificationRig(database: Database) {
  const here = () => testContext(database.db, { actor: admin });
  return {
    here,
    /** A process of its own. */
    outside(answer: (sent: Sent) => Response | Promise<Response>) {
      const sent: Sent[] = [];
      const ctx = here();
      ctx.fetchOutside = async (url, init) => {
        const each = { url, headers: new Headers(init?.headers), body: String(init?.body) };
        sent.push(each);
        return answer(each);
      };
      return { ctx, sent };
    },
    make: (over: Partial<Parameters<typeof subscribe>[1]> = {}) =>
      subscribe(
        here(),
        {
          name: 'Ops',
          kind: 'webhook',
          url: `https://hooks.example/${PATH_CANARY}`,
          events: ['*'],
          environmentPattern: '*',
          ...over,
        },
        settings,
      ),
    async happen(toStatus: 'succeeded' | 'failed' = 'succeeded', message = 'Fix it') {
      const target = await makeTarget(database.db);
      const deployment = await makeDeployment(database.db, target, toStatus, { message });
      return makeEvent(database.db, deployment, { kind: 'health_confirmed', fromStatus: 'verifying', toStatus });
    },
    ledger: () => database.db.select().from(notifications).orderBy(asc(notifications.eventId)),
    /** Brings the next try of everything forward. */
    due: () => database.db.update(notifications).set({ nextTryAt: sql`now() - interval '1 second'` }),
  };
}
