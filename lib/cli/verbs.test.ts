import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ApiWorld, apiWorld } from '@/lib/api/testing/api-world';
import { targets } from '@/lib/db/schema';
import { Probe } from '@/lib/targets/model/probe';
import { Client } from './client';
import { sit } from './testing/sit';

let world: ApiWorld;
let served: { url: string; close(): Promise<void> };
let api: Client;
let home: string;

beforeAll(async () => {
  world = await apiWorld();
  served = await world.listen();
  api = new Client({ url: served.url, token: await world.token() }, new AbortController().signal);
  home = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-verbs-'));
});
afterAll(async () => {
  await served.close();
  await world.close();
  rmSync(home, { recursive: true, force: true });
});

const numberOf = async (id: string) => String((await world.row(id)).number);

describe('the same once more', () => {
  test('retry re-runs what failed, redeploy sends the same again; both answer the new deployment', async () => {
    const failed = await world.deployed('failed', { inputs: { level: 'debug' } });
    const retried = await sit('retry', [await numberOf(failed), '--json'], api);
    expect(retried, retried.err).toMatchObject({ code: 0 });
    const { deploymentId, outcome } = JSON.parse(retried.out);
    expect(outcome).toBe('created');
    expect(await world.row(deploymentId)).toMatchObject({ kind: 'retry', inputs: { level: 'debug' } });
    await world.look(deploymentId);
    Object.assign(world.vendor.runs.at(-1) ?? {}, { phase: 'done' });
    await world.look(deploymentId);

    const again = await sit('redeploy', [`#${await numberOf(failed)}`], api);
    expect(again, again.err).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^#\d+ backend\/staging .*: Queued/),
    });
    const number = Number(/^#(\d+)/.exec(again.out)?.[1]);
    expect(number).toBeGreaterThan((await world.row(deploymentId)).number);
    expect(await sit('cancel', [String(number)], api)).toMatchObject({ code: 0 });
  });

  test('refuses to re-run what did not fail, with the sentence of the console', async () => {
    const done = await world.deployed('done');
    expect(await sit('retry', [done], api)).toMatchObject({ code: expect.stringMatching(/^\w+$/), out: '' });
    expect(await sit('retry', [], api)).toMatchObject({ code: 'usage' });
    expect(await sit('redeploy', ['999999'], api)).toMatchObject({ code: 'not_found' });
  });
});

test('stop-waiting ends a check as not live, and says what there is to do where there is none', async () => {
  const { db } = world.database;
  await db.update(targets).set({ probe: Probe.parse({ url: 'https://api.test/version', field: 'sha' }) });
  world.outside.answer = async () => new Response('oops', { status: 500 });
  const id = await world.deployed('done', { inputs: { level: 'debug' } });
  expect(await sit('cancel', [id], api)).toMatchObject({ code: 'not_cancellable' });
  const said = await sit('stop-waiting', [await numberOf(id)], api);
  expect(said, said.err).toMatchObject({ code: 0, out: expect.stringContaining('Failed') });
  expect(await world.row(id)).toMatchObject({ status: 'failed', failureCode: 'not_live' });
  expect(await sit('stop-waiting', [id], api)).toMatchObject({ code: 'not_verifying' });
  await db.update(targets).set({ probe: null });
});

describe('settling an unknown start', () => {
  async function unknown(): Promise<string> {
    world.vendor.answers = ['lost'];
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await world.passTime(600);
    expect((await world.look(deploymentId)).attention).toBe('unknown_outcome');
    return deploymentId;
  }

  test.each([
    ['--send-again', 'building'],
    ['--give-up', 'errored'],
  ])('%s does what the console does', async (flag, status) => {
    const id = await unknown();
    const said = await sit('resolve', [id, flag, '--reason', 'I looked there', '--json'], api);
    expect(said, said.err).toMatchObject({ code: 0, out: expect.stringContaining('"settled": true') });
    expect((await world.row(id)).status).toBe(status);
    expect(await sit('resolve', [id, flag, '--reason', 'once more'], api)).toMatchObject({ code: 'not_unknown' });
    if (status === 'building') await sit('cancel', [id], api);
    await world.look(id);
  });

  test('--adopt follows the run that is named, and no other', async () => {
    world.vendor.answers = ['accepted-then-lost'];
    world.vendor.listable = false;
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await world.passTime(600);
    await world.look(deploymentId);
    const adopt = (run: string) => sit('resolve', [deploymentId, '--adopt', run, '--reason', 'this one'], api);
    expect(await adopt('9')).toMatchObject({ code: 'run_not_found' });
    const run = world.vendor.runs.at(-1)?.id ?? '';
    expect(await adopt(run)).toMatchObject({ code: 0 });
    expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: run });
  });

  test.each([
    [['dep_1', '--reason', 'x'], '--give-up'],
    [['dep_1', '--give-up', '--send-again', '--reason', 'x'], '--adopt <run id>'],
    [['dep_1', '--adopt', 'run 7', '--reason', 'x'], 'not a run id'],
    [['dep_1', '--give-up'], '--reason'],
  ])('asks for one answer and a reason: %j', async (args, says) => {
    expect(await sit('resolve', args, api)).toMatchObject({ code: 'usage', err: expect.stringContaining(says) });
  });
});

describe('freeze update', () => {
  test('changes what is named and keeps the rest; of two at once the slower is told', async () => {
    const made = await sit(
      'freeze add',
      [
        ...['--name', 'Weekend', '--reason', 'nobody is here', '--starts', '2031-01-03T16:00', '--hours', '60'],
        ...['--zone', 'Europe/Berlin', '--rule', 'FREQ=WEEKLY;BYDAY=FR', '--environment', 'production', '--json'],
      ],
      api,
    );
    const { freezeId } = JSON.parse(made.out);
    const changed = await sit('freeze update', [freezeId, '--hours', '48', '--component', 'backend', '--json'], api);
    expect(changed, changed.err).toMatchObject({ code: 0 });
    expect(JSON.parse(changed.out)).toEqual({ freezeId, version: 2 });
    const seen = async () => JSON.parse((await sit('freeze list', ['--json'], api)).out)[0];
    expect(await seen()).toMatchObject({
      ...{ name: 'Weekend', durationMinutes: 48 * 60, timeZone: 'Europe/Berlin', recurrence: 'FREQ=WEEKLY;BYDAY=FR' },
      scope: { environment: { slug: 'production' }, component: { slug: 'backend' } },
    });
    await sit('freeze update', [freezeId, '--once', '--everywhere'], api);
    expect(await seen()).toMatchObject({ version: 3, recurrence: null, scope: { environment: null, component: null } });

    const late = Object.create(api, {
      get: { value: async (at: string) => ({ freezes: [{ ...(await seen()), version: 1 }], at }) },
    }) as Client;
    vi.spyOn(late, 'change').mockImplementation((method, at, body) => api.change(method, at, body));
    expect((await sit('freeze update', [freezeId, '--hours', '5'], late)).code).toMatch(/changed|conflict|version/);
  });

  test.each([
    [['frz_1'], 'Say what to change'],
    [['frz_1', '--once', '--rule', 'FREQ=DAILY'], 'not both'],
    [['frz_1', '--everywhere', '--environment', 'staging'], 'leave --environment'],
  ])('%j is a wrong command line', async (args, says) => {
    expect(await sit('freeze update', args, api)).toMatchObject({ code: 'usage', err: expect.stringContaining(says) });
  });

  test('a freeze that is not there is not found', async () => {
    expect(await sit('freeze update', ['frz_none', '--hours', '2'], api)).toMatchObject({ code: 'not_found' });
  });
});

describe('audit export', () => {
  test('writes the whole log to standard output or to a file of its owner, as CSV or a JSON object a line', async () => {
    const csv = await sit('audit export', [], api);
    expect(csv, csv.err).toMatchObject({ code: 0, err: '' });
    expect(csv.out).toMatch(/^"line","entry","at",/);
    const file = path.join(home, 'audit.ndjson');
    writeFileSync(file, 'an older one', { mode: 0o644 });
    const kept = await sit(
      'audit export',
      ['--format', 'ndjson', '-o', file, '--action', 'audit.export', '--json'],
      api,
    );
    expect(kept, kept.err).toMatchObject({ code: 0 });
    const text = readFileSync(file, 'utf8');
    expect(JSON.parse(kept.out)).toEqual({ file, bytes: Buffer.byteLength(text) });
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).action),
    ).toEqual(['audit.export']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(['audit.ndjson']);
  });

  test('a log that is cut off leaves the file as it was, and nothing beside it', async () => {
    const file = path.join(home, 'cut.csv');
    writeFileSync(file, 'the last one');
    const cut = Object.create(api) as Client;
    cut.pieces = async function* () {
      yield new TextEncoder().encode('line,entry\n');
      throw Object.assign(new Error('It does not answer.'), { code: 'unreachable' });
    };
    expect((await sit('audit export', ['--output', file], cut)).code).not.toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('the last one');
    expect(readdirSync(home).filter((name) => name.startsWith('cut'))).toEqual(['cut.csv']);
  });

  test.each([
    [['--format', 'xml'], 'csv or ndjson'],
    [['--json'], '--output'],
    [['audit.csv'], '--output'],
  ])('%j is a wrong command line', async (args, says) => {
    expect(await sit('audit export', args, api)).toMatchObject({ code: 'usage', err: expect.stringContaining(says) });
  });
});

describe('doctor', () => {
  test('prints each finding with its mend, and ends with 1 when something is broken', async () => {
    const people = await sit('doctor', [], api);
    // The scripted provider is none that a build has.
    expect(people, people.err).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^broken {2}.*connections\/con_1$/m),
    });
    const programs = await sit('doctor', ['--json'], api);
    expect(programs.code).toBe(1);
    expect(JSON.parse(programs.out)).toMatchObject({ counts: { broken: 1 }, subscriptions: [] });
  });

  test('ends with 0 when nothing is', async () => {
    const well = new Client({ url: served.url, token: 'none' }, new AbortController().signal);
    const counts = { broken: 0, warning: 0, note: 0 };
    well.get = async <T>() => ({ at: '', counts, connections: [], subscriptions: null }) as T;
    expect(await sit('doctor', [], well)).toEqual({ code: 0, out: 'Nothing is known to be wrong.\n', err: '' });
    expect(await sit('doctor', ['con_1'], well)).toMatchObject({ code: 'usage' });
  });
});

describe('why and versions', () => {
  const answering = (answer: unknown) => {
    const client = new Client({ url: served.url, token: 'none' }, new AbortController().signal);
    client.get = async <T>(path: string) => (path.endsWith('/reasons') || path.endsWith('/site') ? answer : LIST) as T;
    return client;
  };
  const LIST = { rows: [{ id: 'dep_1' }] };

  test('say what the provider tells, or that it tells nothing', async () => {
    const wait = {
      waits: [{ sentence: 'It waits.', url: 'https://x.example/1' }],
      service: null,
      burned: null,
      problem: null,
    };
    expect(await sit('why', ['12'], answering(wait))).toMatchObject({
      code: 0,
      out: 'It waits. https://x.example/1\n',
    });
    const quiet = await sit('why', ['12'], answering({ ...wait, waits: [] }));
    expect(quiet).toMatchObject({ code: 0, out: expect.stringContaining('no reason beyond') });
  });

  test('a version has its names, the default is marked, and what is wrong is said', async () => {
    const site = {
      versions: [{ version: '1.0', title: '1.0', aliases: ['latest'], sha: 'abc1234', at: null }],
      ...{
        defaultName: 'latest',
        live: { sentence: 'It is live.' },
        problems: [{ sentence: 'Mend it.' }],
        problem: null,
      },
    };
    const { out } = await sit('versions', ['docs'], answering(site));
    expect(out).toMatch(/1\.0\s+latest\*\s+abc1234\s*\nIt is live\.\nMend it\.\n$/);
    const refused = await sit(
      'versions',
      ['docs'],
      answering({ ...site, problem: { code: 'no_site', sentence: 'None.' } }),
    );
    expect(refused.code).not.toBe(0);
  });
});
