import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { createKeyRing } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { Secret } from '@/lib/kernel/secret';
import { deliverDue } from '@/lib/notifications/server';
import { openIncidentInput } from '../model/schemas';
import { changeIncident, follow, openIncident, postUpdate } from '.';

let database: Database;
const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
const settings = {
  keys: createKeyRing(randomBytes(32)),
  rules: { allowLoopback: true, privateOrigins: new Set<string>() },
};
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const as = () => testContext(database.db, { actor: admin });
const open = (over: { title: string; impact?: 'minor' }) =>
  openIncident(as(), openIncidentInput.parse({ impact: 'minor', text: 'We look.', ...over }));

interface Sent {
  url: string;
  body: { type: string; data: { challenge?: string } };
}
/** An outside that answers the challenge, and keeps what it is sent. */
function outside(ip: string) {
  const sent: Sent[] = [];
  const ctx: ServiceContext = { ...testContext(database.db), actor: { kind: 'anonymous', name: 'anonymous', ip } };
  ctx.fetchOutside = async (url, init) => {
    const body = JSON.parse(String(init?.body));
    sent.push({ url, body });
    return new Response(body.data.challenge ?? 'ok');
  };
  return { ctx, sent };
}

test('a follower is told when more is affected or it is worse, and not when nothing that is public changed', async () => {
  const { ctx, sent } = outside('192.0.2.11');
  await follow(ctx, { url: 'https://raised.example.com/hook' }, settings);
  const { incidentId, version } = await open({ title: 'Slow answers', impact: 'minor' });
  const about = { incidentId, title: 'Slow answers', targetIds: [], deploymentId: null };
  await changeIncident(as(), { ...about, impact: 'critical', version });
  await changeIncident(as(), { ...about, impact: 'critical', version: version + 1 });
  sent.length = 0;
  await deliverDue(ctx, settings);
  const told = sent.filter(({ url, body }) => url.startsWith('https://raised.') && body.type === 'incident.updated');
  expect(told.map(({ body }) => body.data)).toMatchObject([
    { sentence: 'Changed: Slow answers (down).', incident: { impact: 'critical' } },
  ]);
});

test('a follower is told no secret that became known after the title was written', async () => {
  const { ctx, sent } = outside('192.0.2.12');
  await follow(ctx, { url: 'https://masked.example.com/hook' }, settings);
  const plain = 'known-since-then-1234';
  const { incidentId } = await open({ title: `Trouble with ${plain}` });
  const held = new Secret(plain);
  await postUpdate(as(), { incidentId, state: 'resolved', text: 'Over.' });
  sent.length = 0;
  await deliverDue(ctx, settings);
  const told = sent.find(({ url, body }) => url.startsWith('https://masked.') && body.type === 'incident.resolved');
  expect(told?.body.data).toMatchObject({ sentence: 'Resolved: Trouble with [redacted].' });
  expect(held.reveal()).toBe(plain);
});
