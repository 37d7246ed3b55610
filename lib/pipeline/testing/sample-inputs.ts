import { randomBytes } from 'node:crypto';
import { createSession, hashSessionId } from '@/lib/auth/sessions';
import type { Db } from '@/lib/db/client';
import { apiTokens, extensionPackages, freezes, inbox, notifications, subscriptions } from '@/lib/db/schema';
import {
  makeComponent,
  makeConnection,
  makeDeployment,
  makeEnvironment,
  makePin,
  makeStep,
  makeTarget,
  makeUser,
} from '@/lib/db/testing/factories';
import { newId } from '@/lib/kernel/ids';
import { EVENT_NAMES } from '@/lib/notifications/model/events';
import { providers } from '@/lib/providers/registry.generated';
import { ELSEWHERE_SAMPLES } from './sample-elsewhere';
import { GALLERY_SAMPLES, makeGallery } from './sample-gallery';
import { makeStatus, STATUS_SAMPLES } from './sample-status';

/** Any that is deployed through and sends webhooks: what is asked here is the same for all. */
const PROVIDER = Object.values(providers).find(({ methods }) => methods.webhooks)?.manifest.id ?? '';

/** Everything that lives in one environment. */
export interface Place {
  slug: string;
  environmentId: string;
  targetId: string;
  liveId: string;
  olderId: string;
  waitingId: string;
  pinId: string;
  freezeId: string;
}

export interface SampleWorld {
  staging: Place;
  production: Place;
  component: { id: string; slug: string };
  spare: { id: string };
  connectionId: string;
  member: { id: string };
  subscriptionId: string;
  notificationId: string;
  failedDeliveryId: string;
  me: { id: string; sessionHash: string; tokenId: string };
}

async function makePlace(
  db: Db,
  slug: string,
  parts: { component: { id: string }; connection: { id: string } },
): Promise<Place> {
  const environment = await makeEnvironment(db, { slug, name: slug, isProduction: slug === 'production' });
  const target = await makeTarget(db, { ...parts, environment });
  const older = await makeDeployment(db, target, 'succeeded', { remoteId: '1', requestedById: 'usr_x' });
  const live = await makeDeployment(db, target, 'succeeded', { remoteId: '2', requestedById: 'usr_x' });
  await makeStep(db, live);
  const waiting = await makeDeployment(db, target, 'awaiting_approval', { requestedById: 'usr_x' });
  const pin = await makePin(db, target);
  const freezeId = newId('frz');
  await db.insert(freezes).values({
    id: freezeId,
    name: `Freeze of ${slug}`,
    reason: 'For this test',
    environmentId: environment.id,
    timeZone: 'Europe/Berlin',
    startsAt: '2020-01-01T10:00',
    durationMinutes: 60,
    createdBy: 'usr_x',
    createdByName: 'Grace',
  });
  const ids = { targetId: target.id, liveId: live.id, olderId: older.id, waitingId: waiting.id };
  return { slug, environmentId: environment.id, ...ids, pinId: pin.id, freezeId };
}

async function makeSubscription(db: Db): Promise<{ subscriptionId: string; notificationId: string }> {
  const [subscriptionId, notificationId] = [newId('sub'), newId('ntf')];
  const address = { origin: 'https://hooks.example.com', sealedUrl: 'v1.sealed' };
  const who = { createdBy: 'usr_x', events: ['*'] };
  await db.insert(subscriptions).values({ id: subscriptionId, name: 'Chat', kind: 'webhook', ...address, ...who });
  const what = {
    subscriptionId,
    eventId: 1,
    event: EVENT_NAMES[0] ?? '',
    body: { data: { sentence: 'x' } },
    state: 'dead',
  } as const;
  await db.insert(notifications).values({ id: notificationId, ...what });
  return { subscriptionId, notificationId };
}

async function makeFailedDelivery(db: Db, connectionId: string): Promise<{ failedDeliveryId: string }> {
  const failedDeliveryId = newId('hook');
  const what = { providerId: PROVIDER, deliveryId: failedDeliveryId, event: 'ping', bytes: 2, body: Buffer.from('{}') };
  await db.insert(inbox).values({ id: failedDeliveryId, connectionId, ...what, state: 'failed', tries: 3 });
  return { failedDeliveryId };
}

/** As it is once it was looked through. */
async function makePackage(db: Db): Promise<void> {
  const what = { publisher: 'acme', name: 'demo', version: '1.0.0', engine: '^1.90.0', size: 900 } as const;
  const manifest = { ...what, engines: { vscode: what.engine } };
  const source = { kind: 'upload', by: 'Ada' } as const;
  await db.insert(extensionPackages).values({ id: digest, ...what, manifest, source, scan: 'passed' });
}

/** Two environments with the same things in each, one member, and the person who asks with a session and a token. */
export async function makeSampleWorld(db: Db): Promise<SampleWorld> {
  const component = await makeComponent(db, { slug: 'backend' });
  const connection = await makeConnection(db, { providerId: PROVIDER });
  const staging = await makePlace(db, 'staging', { component, connection });
  const production = await makePlace(db, 'production', { component, connection });
  const spare = await makeComponent(db);
  const told = { ...(await makeSubscription(db)), ...(await makeFailedDelivery(db, connection.id)) };
  await makePackage(db);
  await makeStatus(db);
  await makeUser(db, { grants: [{ role: 'admin', environmentPattern: '*' }] });
  const member = await makeUser(db);
  const me = await makeUser(db, { grants: [] });
  const sid = await createSession(db, { userId: me.id, ip: null, userAgent: null });
  const tokenId = newId('tok');
  await db.insert(apiTokens).values({
    id: tokenId,
    userId: me.id,
    name: 'laptop',
    tokenHash: randomBytes(32).toString('hex'),
    last4: 'abcd',
    scopes: ['read'],
    expiresAt: new Date(Date.now() + 86_400_000),
  });
  await makeGallery(db, me.id, tokenId);
  const own = { id: me.id, sessionHash: hashSessionId(sid), tokenId };
  return { ...told, staging, production, component, spare, connectionId: connection.id, member, me: own };
}

const sha = 'a'.repeat(40);
const revision = { ref: 'main', refKind: 'branch', sha };
export const key = 'sample-key-0001';
export const reason = 'For this test';
const config = { repository: 'acme/app', workflow: 'deploy.yml', defaultRef: 'main' };
export const freeze = {
  name: 'Holidays',
  reason,
  timeZone: 'Europe/Berlin',
  startsAt: '2030-01-01T10:00',
  durationMinutes: 60,
};

export type Sample = (place: Place, world: SampleWorld) => unknown;

const nothing: Sample = () => ({});
const ofTarget: Sample = ({ targetId }) => ({ targetId });
const ofWaiting: Sample = ({ waitingId }) => ({ deploymentId: waitingId });
const ofConnection: Sample = (_, { connectionId }) => ({ id: connectionId });
const ofMember: Sample = (_, { member }) => ({ userId: member.id });
const ofSubscription: Sample = (_, { subscriptionId }) => ({ id: subscriptionId });
const digest = 'd'.repeat(64);
const setting = { kind: 'secret', name: 'API_KEY', places: ['con_1 place'] };
const subscription = { name: 'Room', events: ['*'], environmentPattern: '*' };

/** An input that each verb accepts, about a thing in the given environment. */
export const SAMPLES: Record<string, Sample> = {
  ...{ ...ELSEWHERE_SAMPLES, ...GALLERY_SAMPLES, ...STATUS_SAMPLES },
  'address.find': ({ waitingId }) => ({ kind: 'deployment', id: waitingId }),
  'audit.export': () => ({ format: 'json' }),
  'audit.list': nothing,
  'audit.status': nothing,
  'audit.verify': nothing,
  'component.create': () => ({ slug: 'new-one', name: 'New', kind: 'other' }),
  'component.get': (_, { component }) => ({ slug: component.slug }),
  'component.new-head': ({ liveId }) => ({ deploymentId: liveId }),
  'component.setup': (_, { component }) => ({ slug: component.slug }),
  'component.site': (_, { component }) => ({ slug: component.slug }),
  'component.update': (_, { component }) => ({ id: component.id, name: 'Renamed', kind: 'backend' }),
  'configuration.plan-remove': ({ slug }) => ({ environment: slug, ...setting }),
  'configuration.plan-set': ({ slug }) => ({ environment: slug, ...setting, value: 'x' }),
  'configuration.read': ({ slug }) => ({ environment: slug }),
  'configuration.remove': ({ slug }) => ({ environment: slug, ...setting, shown: digest }),
  'configuration.set': ({ slug }) => ({ environment: slug, ...setting, value: 'x', shown: digest }),
  'connection.budget': (_, { connectionId }) => ({ id: connectionId, percent: 50 }),
  'connection.capacity': ofConnection,
  'connection.create': () => ({
    name: 'New',
    providerId: PROVIDER,
    credential: { kind: 'token', token: 'a-token-for-this' },
  }),
  'connection.deliveries': (_, { connectionId }) => ({ connectionId }),
  'connection.doctor': nothing,
  'connection.end-webhook-rotation': ofConnection,
  'connection.get': ofConnection,
  'connection.list': nothing,
  'connection.quota': ofConnection,
  'connection.remove': (_, { connectionId }) => ({ id: connectionId, version: 1 }),
  'connection.replay-delivery': (_, { failedDeliveryId }) => ({ deliveryId: failedDeliveryId }),
  'connection.repositories': ofConnection,
  'connection.service-status': ofConnection,
  'connection.set-authorities': (_, { connectionId }) => ({ id: connectionId, version: 1, authorities: '' }),
  'connection.set-credential': (_, { connectionId }) => ({
    id: connectionId,
    credential: { kind: 'token', token: 'a-token-for-this' },
  }),
  'connection.set-webhook-secret': ofConnection,
  'connection.update': (_, { connectionId }) => ({
    id: connectionId,
    version: 1,
    name: 'Renamed',
    origin: 'https://api.fake.test',
  }),
  'connection.verify': ofConnection,
  'connection.workflows': (_, { connectionId }) => ({ id: connectionId, repository: 'acme/app' }),
  'deployment.answer-gate': ({ waitingId }) => ({ deploymentId: waitingId, gateIds: ['1'], decision: 'approved' }),
  'deployment.approval': ofWaiting,
  'deployment.approve': ({ waitingId }) => ({ deploymentId: waitingId, digest }),
  ...{ 'deployment.cancel': ofWaiting, 'deployment.cancel-late-run': ofWaiting, 'deployment.stop-waiting': ofWaiting },
  'deployment.failure': ofWaiting,
  'deployment.gate': ofWaiting,
  'deployment.get': ofWaiting,
  'deployment.list': nothing,
  'deployment.log': ({ liveId }) => ({ deploymentId: liveId, jobId: 'job1' }),
  'deployment.logs': ({ liveId }) => ({ deploymentId: liveId }),
  'deployment.matrix': nothing,
  'deployment.now': nothing,
  'deployment.waiting': nothing,
  'deployment.override-freeze': ({ waitingId }) => ({ deploymentId: waitingId, reason }),
  'deployment.reasons': ofWaiting,
  'deployment.redeploy': ({ liveId }) => ({ deploymentId: liveId, idempotencyKey: key }),
  'deployment.reject': ({ waitingId }) => ({ deploymentId: waitingId, digest, reason }),
  'deployment.request': ({ targetId }) => ({ targetId, revision, inputs: {}, idempotencyKey: key }),
  'deployment.resolve': ({ liveId }) => ({ deploymentId: liveId, decision: 'give_up', reason }),
  'deployment.retry': ofWaiting,
  'deployment.rollback': ({ targetId, olderId }) => ({
    targetId,
    toDeploymentId: olderId,
    reason,
    idempotencyKey: key,
  }),
  'deployment.tick': ({ waitingId }) => ({ deploymentId: waitingId, items: ['Backup taken'] }),
  'environment.create': () => ({ slug: 'preview', name: 'Preview' }),
  'environment.update': ({ environmentId }) => ({ id: environmentId, name: 'Renamed', isProduction: false }),
  'estate.get': nothing,
  'estate.progress': nothing,
  'freeze.create': ({ environmentId }) => ({ ...freeze, environmentId }),
  'freeze.end': ({ freezeId }) => ({ freezeId, reason }),
  'freeze.update': ({ freezeId, environmentId }) => ({ ...freeze, id: freezeId, version: 1, environmentId }),
  'hold.list': nothing,
  'lock.create': ({ environmentId }) => ({ environmentId, reason }),
  'member.disable': ofMember,
  'member.enable': ofMember,
  'member.end-sessions': ofMember,
  'member.invite': () => ({ login: 'new.person', name: 'New Person', grants: [] }),
  'member.list': nothing,
  'member.renew-link': ofMember,
  'member.set-grants': (_, { member }) => ({ userId: member.id, grants: [] }),
  'own-token.check': (_, { connectionId }) => ({ connectionId }),
  'own-token.list': nothing,
  'own-token.remove': (_, { connectionId }) => ({ connectionId }),
  'own-token.store': (_, { connectionId }) => ({
    ...{ connectionId, origin: 'https://api.fake.test', token: 'a-token-for-this' },
  }),
  'pin.lift': ({ pinId }) => ({ pinId, reason }),
  'policy.get': ({ environmentId }) => ({ environmentId }),
  'policy.set': ({ environmentId }) => ({ environmentId, policyVersion: 1, policy: { approvals: 1 } }),
  'session.end-own': (_, { me }) => ({ sessionId: me.sessionHash }),
  'session.list-own': nothing,
  'session.whoami': nothing,
  'subscription.create': () => ({ ...subscription, kind: 'webhook', url: 'https://hooks.example.com/in' }),
  'subscription.ledger': ofSubscription,
  'subscription.list': nothing,
  'subscription.redeliver': (_, { notificationId }) => ({ notificationId }),
  'subscription.remove': (_, { subscriptionId }) => ({ id: subscriptionId, version: 1 }),
  'subscription.switch': (_, { subscriptionId }) => ({ id: subscriptionId, enabled: false }),
  'subscription.test': ofSubscription,
  'subscription.update': (_, { subscriptionId }) => ({ ...subscription, id: subscriptionId, version: 1 }),
  'target.check': (_, { connectionId }) => ({ connectionId, config: JSON.stringify(config) }),
  'target.check_probe': () => ({ probe: JSON.stringify({ url: 'https://api.example.com/version' }) }),
  'target.commits': ({ targetId }) => ({ targetId, ref: 'main' }),
  'target.composer': ofTarget,
  'target.create': ({ environmentId }, { spare, connectionId }) => ({
    componentId: spare.id,
    environmentId,
    connectionId,
    config,
  }),
  'target.look': ofTarget,
  'target.plan': ({ targetId }) => ({ targetId, ref: 'main' }),
  'target.images': ({ targetId }) => ({ targetId }),
  'target.revisions': ofTarget,
  'target.rules': ofTarget,
  'target.roll-back': ofTarget,
  'target.service-status': ofTarget,
  'target.set-public': ({ targetId }) => ({ targetId, isPublic: true }),
  'target.tell': ({ targetId }) => ({ targetId, telling: 'nothing' }),
  'target.update': ({ targetId }, { connectionId }) => ({ id: targetId, version: 1, connectionId, config }),
  'token.create': () => ({ name: 'CI', scopes: ['read'] }),
  'token.list': nothing,
  'token.revoke': (_, { me }) => ({ tokenId: me.tokenId }),
};
