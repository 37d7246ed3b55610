import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { renderToReadableStream } from 'react-dom/server';
import { expect, it } from 'vitest';
import { NotLive } from '@/components/configuration/not-live';
import { ChangedMark } from '@/components/matrix/changed-mark';
import type { ConfigurationView, ConfiguredTarget } from '@/lib/configuration/model/view';
import type { DeploymentStatus } from '@/lib/deployments/model/status';
import type { MatrixCell } from '@/lib/deployments/model/view';
import { endedOf, RedeployParts } from './redeploy-press';

/** What the server sends when the code of all parts has come to it. */
async function drawn(node: ReactNode): Promise<string> {
  const client = new QueryClient();
  const stream = await renderToReadableStream(<QueryClientProvider client={client}>{node}</QueryClientProvider>);
  await stream.allReady;
  return (await new Response(stream).text()).replaceAll('<!-- -->', '');
}

const notPressed = async () => expect.fail('not pressed');
const live = { id: 'dep_7', number: 7, ref: 'main', sha: 'abcdef0'.padEnd(40, '0') };
const HOUR = 60 * 60 * 1000;

const cell = (over: Partial<Record<keyof MatrixCell, unknown>> = {}) =>
  ({
    ...{ targetId: 'tgt_1', environmentSlug: 'staging', deploy: { allowed: true, refusal: null }, latest: null },
    current: { id: live.id, number: live.number, revision: { ref: live.ref, sha: live.sha } },
    changed: { names: ['SITE_TITLE', 'API_URL'], readAt: new Date(Date.now() - 5 * HOUR).toISOString(), approvals: 2 },
    ...over,
  }) as unknown as MatrixCell;
const mark = (over?: Partial<Record<keyof MatrixCell, unknown>>) =>
  drawn(<ChangedMark cell={cell(over)} where="Website in Staging" redeploy={notPressed} />);

it('the matrix says what changed, how long ago it was read, and offers the press', async () => {
  const html = await mark();
  expect(html).toContain('2 changed, not live');
  expect(html).toContain('title="SITE_TITLE, API_URL: changed after #7 was asked for"');
  expect(html).toMatch(/read <time[^>]*>5 h ago</);
  expect(html).toContain('href="/environments/staging/configuration"');
  expect(html).toContain('aria-label="Deploy abcdef0 again: Website in Staging"');
  expect(html).toContain('waits for 2 approvals');
});

it('the matrix offers no press beside what is on its way, one with its reason where it is refused, and nothing for nothing', async () => {
  const going = await mark({ latest: { id: 'dep_8', status: 'queued' } });
  expect(going).toContain('2 changed, not live');
  expect(going).not.toContain('<button');
  expect(await mark({ latest: { id: 'dep_8', status: 'failed' } })).toContain('<button');
  const refusal = { code: 'pinned_lock', sentence: 'Ada locked it.' };
  expect(await mark({ deploy: { allowed: false, refusal } })).toMatch(/<button[^>]*aria-disabled="true"/);
  expect(await mark({ changed: null })).toBe('');
  expect(await mark({ current: null })).toBe('');
});

const target: ConfiguredTarget = {
  ...{ id: 'tgt_1', name: 'Website', places: [], named: null, problem: null, next: null, notAgain: null },
  ...{ runtime: false, renew: null },
  live: { ...live, sentAt: '2026-11-27T00:00:00.000Z' },
};
const parts = (ids: string[]) => ids.map((id) => ({ id, runtime: false }));
const row = (name: string, ...ids: string[]) => ({ name, notLiveFor: parts(ids), removedFor: [] });
const gone = (name: string, ...ids: string[]) => ({ name, notLiveFor: [], removedFor: parts(ids) });
const CHANGED = [row('SITE_TITLE', 'tgt_1'), row('API_URL', 'tgt_1', 'tgt_2'), row('OLD')];
const page = (...targets: ConfiguredTarget[]) => pageOf(CHANGED, ...targets);
const pageOf = (rows: unknown[], ...targets: ConfiguredTarget[]) =>
  drawn(
    <NotLive
      view={
        {
          environment: { approvals: 1 },
          targets,
          rows,
        } as unknown as ConfigurationView
      }
      redeploy={notPressed}
      onEnded={notPressed}
    />,
  );

it('the page Configuration says target by target what is not live, and offers the press', async () => {
  const html = await page(target, { ...target, id: 'tgt_3', name: 'Docs' });
  expect(html).toContain('2 changed, not live in Website');
  expect(html).toContain('SITE_TITLE, API_URL: #7 runs with what there was before.');
  expect(html).toContain('aria-label="Deploy abcdef0 again: Website"');
  expect(html).toContain('waits for 1 approval<');
  expect(html, 'nothing changed for it').not.toContain('Docs');
  expect(await page({ ...target, live: null }), 'nothing is live').toBe('');
});

it('the page Configuration says of what runs there how it is started anew, and offers no deployment for it', async () => {
  const html = await page({ ...target, name: 'Website on Cluster', live: null, renew: 'Restart it.' });
  expect(html).toContain('2 changed, not live in Website on Cluster');
  expect(html).toContain('what runs there began with what there was before. Restart it.');
  expect(html).not.toContain('<button');
  expect(await page({ ...target, runtime: true, renew: 'Restart it.' }), 'another part of the target').toBe('');
});

it('what was removed and is still live is said as well, with the press, also where nothing changed', async () => {
  const alone = await pageOf([gone('OLD_KEY', 'tgt_1')], target);
  expect(alone).toContain('1 removed, still live in Website');
  expect(alone).toContain('OLD_KEY: removed, still live until the next deployment. Deploying #7 again takes it away.');
  expect(alone).toContain('aria-label="Deploy abcdef0 again: Website"');
  const both = await pageOf([...CHANGED, gone('OLD_KEY', 'tgt_1')], target);
  expect(both).toContain('2 changed, not live, and 1 removed, still live in Website');
  const unknown = await pageOf([gone('OLD_KEY', 'tgt_1')], { ...target, live: null });
  expect(unknown).toContain('OLD_KEY: removed, still live until the next deployment.');
  expect(unknown, 'nothing of ours to deploy again').not.toContain('<button');
  const going = { name: 'OLD_KEY', notLiveFor: [], removedFor: [{ id: 'tgt_1', runtime: false, until: 'roll-out' }] };
  const passing = await pageOf([going], target);
  expect(passing).toContain('OLD_KEY: removed, still live until the deployment that is on its way is completed.');
  expect(passing, 'it goes by itself').not.toContain('<button');
  expect(await pageOf([...CHANGED, going], target), 'what changed is not live without one').toContain('<button');
  const cluster = await pageOf([gone('OLD_KEY', 'tgt_1')], { ...target, renew: 'Restart it.' });
  expect(cluster).toContain('OLD_KEY: removed, and what runs there still has it. Restart it.');
  expect(cluster).not.toContain('<button');
});

it('the page Configuration leads to what is on its way instead, and says why a press is refused', async () => {
  const going = await page({ ...target, next: { id: 'dep_8', number: 8 } });
  expect(going).toMatch(/href="\/deployments\/dep_8"[^>]*>#8 is on its way</);
  expect(going).not.toContain('<button');
  expect(await page({ ...target, notAgain: 'Your role may not deploy here.' })).toMatch(
    /<button[^>]*aria-disabled="true"/,
  );
});

it('what has ended is not called on its way: it is named with how it ended, and the press is there again', async () => {
  const read = (status: DeploymentStatus) => ({ id: 'dep_8', number: 8, status });
  expect(endedOf(undefined), 'nobody knows yet').toBeNull();
  expect(endedOf(read('building'))).toBeNull();
  const ended = endedOf(read('failed'));
  expect(ended).toEqual(read('failed'));
  const html = await drawn(
    <RedeployParts
      {...{ targetId: 'tgt_1', where: 'Website', live, ended, next: null, refusal: null, approvals: 0 }}
      verb={{ pending: false, refusal: null }}
      press={notPressed}
    />,
  );
  expect(html).toMatch(/href="\/deployments\/dep_8"[^>]*>#8: Failed</);
  expect(html).toContain('<button');
  expect(html).not.toContain('on its way');
});

it('what waits for people is not called on its way', async () => {
  const next = { id: 'dep_8', number: 8, asks: true };
  const html = await drawn(
    <RedeployParts
      {...{ targetId: 'tgt_1', where: 'Website', live, ended: null, next, refusal: null, approvals: 1 }}
      verb={{ pending: false, refusal: null }}
      press={notPressed}
    />,
  );
  expect(html).toMatch(/href="\/deployments\/dep_8"[^>]*>#8 (<!-- -->)?waits for approval</);
  expect(html).not.toContain('on its way');
});
