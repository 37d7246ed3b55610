import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inbox, rateLimits } from '@/lib/db/schema';
import { problems } from './testing/answer-check';
import { type ApiWorld, apiWorld, stubServerEnv } from './testing/api-world';
import { furnish, PACKAGE } from './testing/furnish';

describe('real answers', () => {
  let world: ApiWorld;
  let token: string;
  let deploymentId: string;
  beforeAll(async () => {
    world = await apiWorld();
    stubServerEnv(world);
    token = await world.token();
    deploymentId = await world.deployed('done');
    await world.deployed('failed', { target: 'production' });
    await furnish(world);
  });
  afterAll(() => world.close());

  test.each([
    ['/now', '/now'],
    ['/waiting', '/waiting'],
    ['/matrix', '/matrix'],
    ['/components/{slug}', '/components/backend'],
    ['/deployments', '/deployments'],
    ['/deployments/{deploymentId}', '/deployments/:id'],
    ['/targets/{targetId}/composer', '/targets/tgt_staging/composer'],
    ['/targets/{targetId}/plan', '/targets/tgt_staging/plan?ref=main'],
    ['/targets/{targetId}/revisions', '/targets/tgt_staging/revisions?query=main'],
    ['/targets/{targetId}/commits', '/targets/tgt_staging/commits?ref=main'],
    ['/targets/{targetId}/roll-back', '/targets/tgt_staging/roll-back'],
    ['/holds', '/holds'],
    ['/environments/{environmentId}/policy', '/environments/env_staging/policy'],
    ['/estate', '/estate'],
    ['/estate/progress', '/estate/progress'],
    ['/me', '/me'],
    ['/members', '/members'],
    ['/connections', '/connections'],
    ['/connections/{id}/quota', '/connections/con_1/quota'],
    ['/connections/{id}/service-status', '/connections/con_1/service-status'],
    ['/connections/{id}/capacity', '/connections/con_1/capacity'],
    ['/targets/{targetId}/service-status', '/targets/tgt_staging/service-status'],
    ['/deployments/{deploymentId}/reasons', '/deployments/:id/reasons'],
    ['/deployments/{deploymentId}/failure', '/deployments/:id/failure'],
    ['/components/{slug}/site', '/components/backend/site'],
    ['/connections/{id}/deliveries', '/connections/con_1/deliveries'],
    ['/doctor', '/doctor'],
    ['/dora', '/dora'],
    ['/dora/rows', '/dora/rows?metric=failure_rate&environment=staging'],
    ['/health', '/health?environment=staging'],
    ['/releases', '/releases'],
    ['/subscriptions', '/subscriptions'],
    ['/audit', '/audit'],
    ['/audit/status', '/audit/status'],
    ['/deployments/{deploymentId}/gate', '/deployments/:id/gate'],
    ['/deployments/{deploymentId}/approval', '/deployments/:id/approval'],
    ['/deployments/{deploymentId}/preview', '/deployments/:id/preview'],
    ['/deployments/{deploymentId}/verdict', '/deployments/:id/verdict'],
    ['/targets/{targetId}/images', '/targets/tgt_staging/images'],
    ['/targets/{targetId}/rules', '/targets/tgt_staging/rules'],
    ['/targets/{targetId}/hosting', '/targets/tgt_staging/hosting'],
    ['/targets/{targetId}/promotion', '/targets/tgt_staging/promotion'],
    ['/targets/{targetId}/health', '/targets/tgt_staging/health'],
    ['/targets/{targetId}/vitals', '/targets/tgt_staging/vitals'],
    ['/components/{slug}/setup', '/components/backend/setup'],
    ['/components/{slug}/rendering', '/components/backend/rendering'],
    ['/rendering', '/rendering'],
    ['/environments/{environmentId}/configuration', '/environments/staging/configuration'],
    ['/connections/{id}', '/connections/con_1'],
    ['/connections/{id}/repositories', '/connections/con_1/repositories'],
    ['/connections/{id}/workflows', '/connections/con_1/workflows?repository=acme/app'],
    ['/gallery/extensions', '/gallery/extensions'],
    ['/gallery/extensions/{namespace}/{name}', '/gallery/extensions/acme/demo'],
    ['/gallery/namespaces', '/gallery/namespaces'],
    ['/gallery/people', '/gallery/people'],
    ['/extensions/packages', '/extensions/packages'],
    ['/extensions/packages/{packageId}', '/extensions/packages/:package'],
    ['/extensions/packages/{packageId}/publish', '/extensions/packages/:package/publish'],
    ['/extensions/publications', '/extensions/publications'],
    ['/extensions/credentials', '/extensions/credentials'],
    ['/status-page', '/status-page'],
    ['/status-page/subscribers', '/status-page/subscribers'],
    ['/incidents', '/incidents'],
    ['/maintenances', '/maintenances'],
    ['/subscriptions/{id}/notifications', '/subscriptions/sub_1/notifications'],
  ])('of GET %s (%s) are what the document says, with nothing more', async (path, address) => {
    const answer = await world.call(`GET ${address.replace(':id', deploymentId).replace(':package', PACKAGE)}`, {
      token,
    });
    const value: unknown = await answer.json();
    expect(answer.status, JSON.stringify(value).slice(0, 300)).toBe(200);
    expect(problems(path, 'get', 200, value)).toEqual([]);
  });

  test.each([
    ['/deployments/{deploymentId}', '/deployments/dep_nothing', 404],
    ['/deployments', '/deployments?limit=0', 400],
    ['/components/{slug}', '/components/nothing', 404],
  ])('of a refused GET %s (%s) too: %i', async (path, address, status) => {
    const answer = await world.call(`GET ${address}`, { token });
    expect(answer.status).toBe(status);
    expect(problems(path, 'get', status, await answer.json())).toEqual([]);
  });

  test('of a refused change too', async () => {
    const refused = await world.call('POST /locks', { token, body: {} });
    expect(refused.status).toBe(400);
    expect(problems('/locks', 'post', refused.status, await refused.json())).toEqual([]);
  });

  test('the checker is no rubber stamp', async () => {
    const now = (await (await world.call('GET /now', { token })).json()) as Record<string, unknown>;
    expect(problems('/now', 'get', 200, { ...now, extra: 1 })).not.toEqual([]);
    expect(problems('/now', 'get', 200, { ...now, pins: null })).not.toEqual([]);
  });
});

describe('real answers of changes', () => {
  let world: ApiWorld;
  let token: string;
  let keys = 0;
  beforeAll(async () => {
    world = await apiWorld();
    stubServerEnv(world);
    token = await world.token();
  });
  afterEach(() => world.database.db.delete(rateLimits));
  afterAll(() => world.close());

  interface Asked {
    body?: object;
    who?: string;
  }

  /** Done, and answered as the document says. `POST /pins/{pinId}/lift` and what stands for its names. */
  async function done<T>(
    place: string,
    names: Record<string, string | number> = {},
    { body, who = token }: Asked = {},
  ) {
    const [method = '', path = ''] = place.split(' ');
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => String(names[name] ?? ''));
    const answer = await world.call(`${method} ${address}`, { token: who, body: body ?? {}, key: `answers-${++keys}` });
    const value: unknown = answer.status === 204 ? null : await answer.json();
    expect([place, answer.status, value]).toEqual([place, expect.toSatisfy((status: number) => status < 300), value]);
    expect(problems(path, method.toLowerCase(), answer.status, value), place).toEqual([]);
    return value as T;
  }
  const deploy = (target = 'staging', checklist: string[] = []) => {
    const revision = { ref: 'main', refKind: 'branch', sha: world.vendor.head };
    const body = { targetId: `tgt_${target}`, revision, inputs: { level: 'debug' }, checklist };
    return done<{ deploymentId: string }>('POST /deployments', {}, { body });
  };
  const one = '/deployments/{deploymentId}';

  test('deploy, cancel, retry and deploy once more', async () => {
    const failed = await world.deployed('failed');
    await done(`POST ${one}/cancel`, await deploy());
    const again = await done<{ deploymentId: string }>(`POST ${one}/retry`, { deploymentId: failed });
    await done(`POST ${one}/cancel`, again);
    await world.look(again.deploymentId);
    await done(`POST ${one}/cancel`, await done(`POST ${one}/redeploy`, { deploymentId: failed }));
  });

  test('go back, and say how it counts', async () => {
    const first = await world.deployed('done');
    const second = await world.deployed('done', { inputs: { level: 'debug' } });
    const body = { toDeploymentId: first, reason: 'worse than before' };
    await done('POST /targets/{targetId}/roll-back', { targetId: 'tgt_staging' }, { body });
    const word = { body: { word: 'planned', reason: 'a planned revert' } };
    await done(`POST ${one}/classification`, { deploymentId: second }, word);
  });

  test('decide about a start that nobody knows the outcome of', async () => {
    world.vendor.answers = ['lost'];
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await world.passTime(600);
    await world.look(deploymentId);
    const body = { decision: 'give_up', reason: 'I looked there' };
    await done(`POST ${one}/resolve`, { deploymentId }, { body });
  });

  test('change a policy, tick, approve and reject', async () => {
    const policy = { approvals: 1, checklist: ['Backup taken'] };
    const names = { environmentId: 'env_production' };
    await done('PUT /environments/{environmentId}/policy', names, { body: { policyVersion: 1, policy } });
    const other = await world.token();
    for (const verb of ['approve', 'reject']) {
      const asked = await deploy('production', ['Backup taken']);
      await done(`POST ${one}/tick`, asked, { body: { items: ['Backup taken'] } });
      const packet = await world.call(`GET /deployments/${asked.deploymentId}/approval`, { token: other });
      const value = (await packet.json()) as { digest: string };
      expect(problems(`${one}/approval`, 'get', packet.status, value)).toEqual([]);
      const body = { digest: value.digest, reason: 'I read it.' };
      await done(`POST ${one}/${verb}`, asked, { body, who: other });
      if (verb === 'approve') await done(`POST ${one}/cancel`, asked);
    }
  });

  test('lock and lift, freeze, change and end, and let one through', async () => {
    const lock = await done<{ pinId: string }>(
      'POST /locks',
      {},
      { body: { reason: 'incident', targetId: 'tgt_staging' } },
    );
    await done('POST /pins/{pinId}/lift', lock);
    const when = { timeZone: 'UTC', startsAt: new Date(Date.now() - 3_600_000).toISOString().slice(0, 16) };
    const scope = { environmentId: 'env_production', durationMinutes: 600 };
    const freeze = { name: 'Weekend', reason: 'nobody is here', ...scope, ...when };
    // It waits for an approval, see above.
    const asked = await deploy('production', ['Backup taken']);
    const made = await done<{ freezeId: string; version: number }>('POST /freezes', {}, { body: freeze });
    await done('PUT /freezes/{freezeId}', made, { body: { ...freeze, name: 'Holidays', version: made.version } });
    await done(`POST ${one}/override-freeze`, asked, { body: { reason: 'it is the fix' } });
    await done(`POST ${one}/cancel`, asked);
    await done('POST /freezes/{freezeId}/end', made, { body: { reason: 'they are back' } });
  });

  test('the estate, incidents, maintenance and the gallery', async () => {
    await done('POST /estate/components', {}, { body: { slug: 'docs', name: 'Docs', kind: 'docs' } });
    await done('POST /estate/environments', {}, { body: { slug: 'preview', name: 'Preview', isProduction: false } });
    const incident = await done<{ incidentId: string; version: number }>(
      'POST /incidents',
      {},
      { body: { title: 'Slow', impact: 'minor', text: 'We look.' } },
    );
    const { version } = incident;
    await done('PUT /incidents/{incidentId}', incident, { body: { version, title: 'Slower', impact: 'major' } });
    await done('POST /incidents/{incidentId}/updates', incident, { body: { state: 'resolved', text: 'Over.' } });
    const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
    const work = { title: 'Disk', text: 'A new one.', startsAt: hours(1), endsAt: hours(2) };
    const planned = await done<{ maintenanceId: string; version: number }>('POST /maintenances', {}, { body: work });
    const body = { ...work, title: 'Two disks', version: planned.version };
    await done('PUT /maintenances/{maintenanceId}', planned, { body });
    await done('POST /maintenances/{maintenanceId}/end', planned);
    await done('POST /gallery/namespaces', {}, { body: { namespace: 'acme' } });
    await done('PUT /gallery/namespaces/{namespace}/keep', { namespace: 'acme' }, { body: { keep: 5 } });
    await done('POST /audit/verify');
  });

  test('check a connection, and have a webhook that failed processed once more', async () => {
    await done('POST /connections/{id}/verify', { id: 'con_1' });
    const deliveryId = 'inb_00000000000000000000000001';
    const about = { id: deliveryId, connectionId: 'con_1', providerId: 'scripted', deliveryId: 'd-1' };
    const body = Buffer.from('{}');
    await world.database.db
      .insert(inbox)
      .values({ ...about, event: 'workflow_run', state: 'failed', bytes: body.length, body });
    await done('POST /deliveries/{deliveryId}/replay', { deliveryId });
    const reading = await world.token({ scopes: ['read', 'deploy', 'approve', 'hold', 'audit'] });
    for (const place of ['POST /connections/con_1/verify', `POST /deliveries/${deliveryId}/replay`])
      expect((await world.call(place, { token: reading, body: {} })).status).toBe(403);
  });
});
