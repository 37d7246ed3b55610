import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, wire } from '../conformance/harness';
import { describeNotes } from '../conformance/notes';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { type DeploymentNote, scopeWords } from '../port';
import { provider } from './adapter';
import { create, page } from './notes';
import { createGrafanaSimulator, VIEWING_TOKEN } from './simulator';

const HOST = 'https://panels.aetherstack.example';
/** Ours, after the vendor's pages: its own description file is under a license that this project is not. */
const file = path.join(import.meta.dirname, 'fixtures/annotations.json');
const spec = createSpecCheck(new OpenApi(JSON.parse(readFileSync(file, 'utf8'))), {
  generalStatuses: [400, 401, 403, 404, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => typeof (body as { message?: unknown } | null)?.message === 'string',
});
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;
const inSandbox = { ...provider, manifest: { ...provider.manifest, defaultOrigin: HOST } };

const violations: string[] = [];
afterEach(() => expect(violations.splice(0)).toEqual([]));

async function harness(): Promise<Harness> {
  const world = memoryWorld(Date.parse('2026-11-01T12:00:00Z'));
  const simulator = createGrafanaSimulator(world);
  const checked = checkedFetch((input, init) => simulator.handle(new Request(input, init)), HOST, spec);
  return {
    world,
    fetch: breaking(async (input, init) => {
      try {
        return await checked(input, init);
      } catch (error) {
        violations.push(String(error));
        throw error;
      }
    }),
    target: {},
    ref: 'main',
    inputs: {},
    credentials: { good: token('sandbox-dashboards-token'), refused: token('expired'), weak: token(VIEWING_TOKEN) },
    isMutation: (request) => request.method !== 'GET',
    markers: () =>
      world
        .facts()
        .flatMap(({ data }) => (data.tags as string[]).flatMap((tag) => /^aetherstack:(.+)$/.exec(tag)?.[1] ?? [])),
    garbled: (inner) => inner,
  };
}

conformance(inSandbox, harness);
describeNotes(inSandbox, harness, 'dashboard:backend backend production');

const note: DeploymentNote = {
  ...{ marker: 'dep_1', sha: 'a'.repeat(40), environment: 'production', title: '#7: <b>Backend</b> & more' },
  ...{ text: 'Live.', link: 'https://deploy.example.com/deployments/dep_1?a="b"', startedAt: 0, liveAt: 3_600_000 },
  scope: 'dashboard:backend panel:4 team:web backend',
};

test('an annotation has the dashboard, the panel, its tags and the marker, and no markup of ours', async () => {
  const made = await harness();
  const { context } = wire(inSandbox.manifest, made);
  expect(await create(context, note)).toEqual({ id: '1', url: `${HOST}/d/backend?from=0&to=7200000&viewPanel=4` });
  expect(made.world.facts()[0]?.data).toMatchObject({
    ...{ dashboardUID: 'backend', panelId: 4, time: 3_600_000, tags: ['team:web', 'backend', 'aetherstack:dep_1'] },
    text: expect.stringMatching(
      /^#7: &#60;b&#62;Backend&#60;\/b&#62; &#38; more: Live\. <a href="https:\/\/[^"]*&#34;b&#34;">/,
    ),
  });
});

test.each(['dashboard:../../admin', 'dashboard:backend panel:x'])(
  'a place that can be none is refused: %j',
  (scope) => {
    expect(() => page({ origin: HOST }, scope, { from: 0, to: 1 })).toThrow('named by its uid');
  },
);

test('words may stand in quotes, and a colon inside them is none', () => {
  expect(scopeWords('project:"my app" "out of: memory" env:a:b')).toEqual([
    { key: 'project', value: 'my app', text: 'project:"my app"' },
    { key: null, value: 'out of: memory', text: '"out of: memory"' },
    { key: 'env', value: 'a:b', text: 'env:a:b' },
  ]);
});
