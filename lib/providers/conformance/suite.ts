import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AnyProvider, capability, type RemoteRef, secretOf, tokenOriginsOf } from '../port';
import { describeArtifacts } from './artifacts';
import { describeConfiguration } from './configuration';
import { describeFaults } from './faults';
import { type Harness, wire } from './harness';
import { describeHosting } from './hosting';
import { describeImages } from './images';
import { describeLive } from './live';
import { describeRendering } from './rendering';
import { claims, failure, type Stage, start, started } from './stage';
import { describeVitals } from './vitals';
import { describeWebhooks } from './webhooks';

const FURTHER = [
  ['artifacts', describeArtifacts],
  ['live', describeLive],
  ['promote', describeHosting],
  ['images', describeImages],
  ['vitals', describeVitals],
  ['webhooks', describeWebhooks],
] as const;

/** Every promise of the port that this provider's manifest claims, tried on its simulator. */
export function conformance(provider: AnyProvider, makeHarness: () => Promise<Harness>): void {
  const stage = { provider } as Stage;

  describe(`${provider.manifest.label} keeps the promises of the port`, () => {
    beforeEach(async () => {
      stage.harness = await makeHarness();
      stage.wire = wire(provider.manifest, stage.harness);
    });

    afterEach(() => {
      stage.harness.assertContract?.();
      const { manifest } = provider;
      const own = [
        manifest.defaultOrigin,
        ...tokenOriginsOf(manifest, manifest.defaultOrigin, stage.wire.context.credential),
      ];
      const strays = stage.wire.sent.filter((each) => each.authorized && !own.includes(new URL(each.url).origin));
      expect(strays, 'the credential travelled to a foreign host').toEqual([]);
    });

    it('has exactly the functions that the manifest claims', () => {
      expect(Object.keys(provider.methods).sort()).toEqual(Object.keys(provider.manifest.capabilities).sort());
      expect(provider.manifest.targetConfig.safeParse({ nonsense: true }).success).toBe(false);
    });

    describeCredential(stage);
    if (claims(provider, 'source')) describeSource(stage);
    if (claims(provider, 'workflows')) describeWorkflows(stage);
    if (claims(provider, 'deploy') && claims(provider, 'status')) describeRun(stage);
    if (claims(provider, 'deploy')) describeFaults(stage);
    for (const [key, promises] of FURTHER) if (claims(provider, key)) promises(stage);
    // A repository's own settings have a file of tests to themselves: each is sealed, in more places than these.
    if (claims(provider, 'configuration') && !claims(provider, 'source')) describeConfiguration(stage);
    describeRendering(stage);
  });
}

function describeCredential(stage: Stage): void {
  it('finds a good credential good', async () => {
    const report = await stage.provider.verifyCredential(stage.wire.context);
    expect(report).toMatchObject({ ok: true, problems: [] });
    expect(report.account).not.toBe('');
  });

  it('says that a refused credential is refused', async () => {
    const refused = wire(stage.provider.manifest, stage.harness, { credential: stage.harness.credentials.refused });
    const error = await failure(stage, stage.provider.verifyCredential(refused.context));
    expect(error).toMatchObject({ kind: 'auth', ambiguous: false });
  });

  it('names what a weak credential lacks, and has started nothing', async () => {
    if (!claims(stage.provider, 'deploy')) return;
    const weak = wire(stage.provider.manifest, stage.harness, { credential: stage.harness.credentials.weak });
    const error = await failure(stage, start(stage, 'aether-weak-1', weak));
    expect(error).toMatchObject({ kind: 'auth', code: 'missing_permission', ambiguous: false });
    expect(stage.harness.markers()).toEqual([]);
  });

  it('never shows the credential, whatever is printed', () => {
    const { credential } = stage.wire.context;
    const secret = secretOf(credential).reveal();
    expect(`${inspect(stage.wire.context, { depth: 9 })}${JSON.stringify(stage.wire.context)}`).not.toContain(secret);
  });
}

function describeSource(stage: Stage): void {
  const source = () => capability(stage.provider, 'source');

  it('lists repositories and the branches and tags that contain what is typed', async () => {
    const { wire: line, harness } = stage;
    expect((await source().repositories(line.context)).length).toBeGreaterThan(0);
    const refs = await source().refs(line.context, harness.target, harness.ref.slice(1, 3));
    expect(refs.map((ref) => ref.name)).toContain(harness.ref);
    expect(refs.every((ref) => /^[0-9a-f]{40}$/.test(ref.sha))).toBe(true);
    expect(await source().refs(line.context, harness.target, 'no-such-ref-anywhere')).toEqual([]);
  });

  it('resolves a name to the commit that is listed first', async () => {
    const { wire: line, harness } = stage;
    const revision = await source().resolve(line.context, harness.target, harness.ref);
    const commits = await source().commits(line.context, harness.target, harness.ref, 1);
    expect(commits[0]?.sha).toBe(revision.sha);
    expect(await source().commit(line.context, harness.target, revision.sha)).toEqual(commits[0]);
    const second = await source().commits(line.context, harness.target, harness.ref, 2);
    expect(second.map((commit) => commit.sha)).not.toContain(revision.sha);
  });

  it('compares both ways, newest first', async () => {
    const { wire: line, harness } = stage;
    const commits = await source().commits(line.context, harness.target, harness.ref, 1);
    const [head, , , fourth] = commits;
    if (!head || !fourth) return expect.fail('the branch is too short for this test');
    const forward = await source().compare(line.context, harness.target, fourth.sha, head.sha);
    expect(forward).toMatchObject({ totalIncluded: 3, totalLeaving: 0 });
    expect(forward.included.map((commit) => commit.sha)).toEqual(commits.slice(0, 3).map((commit) => commit.sha));
    const back = await source().compare(line.context, harness.target, head.sha, fourth.sha);
    expect(back).toMatchObject({ totalIncluded: 0, totalLeaving: 3 });
    expect(back.leaving.map((commit) => commit.sha)).toEqual(forward.included.map((commit) => commit.sha));
    const counted = await source().compare(line.context, harness.target, head.sha, fourth.sha, 'count');
    expect(counted, 'the totals are the same where only they are asked for').toMatchObject({
      totalIncluded: 0,
      totalLeaving: 3,
    });
  });

  it.each(['no-such-branch', '../../etc/passwd', 'a..b', '', `x${'y'.repeat(300)}`, '--upload-pack=x', 'f'.repeat(40)])(
    'refuses the unknown ref %j clearly',
    async (ref) => {
      const error = await failure(stage, source().resolve(stage.wire.context, stage.harness.target, ref));
      expect(['notFound', 'rejected']).toContain(error.kind);
    },
  );
}

function describeWorkflows(stage: Stage): void {
  it('reads the form at a ref and keeps its own inputs to itself', async () => {
    const { wire: line, harness, provider } = stage;
    const form = await capability(provider, 'workflows').form(line.context, harness.target, harness.ref);
    const names = form.fields.map((field) => field.name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(harness.inputs)));
    expect(names).not.toContain(form.reserved.marker);
    expect(form.findable).toBe(true);
    expect(form.source.sha).toMatch(/^[0-9a-f]{40}$/);
  });
}

const ORDER = ['queued', 'waiting', 'building', 'deploying', 'done'];

function describeRun(stage: Stage): void {
  const observe = (ref: RemoteRef) =>
    capability(stage.provider, 'status').observe(stage.wire.context, stage.harness.target, ref);

  async function untilEnded(ref: RemoteRef): Promise<string[]> {
    const phases: string[] = [];
    for (let second = 0; second < 300; second++) {
      const { phase } = await observe(ref);
      if (phases.at(-1) !== phase) phases.push(phase);
      if (['done', 'failed', 'cancelled', 'timed_out'].includes(phase)) return phases;
      stage.harness.world.advance(1_000);
    }
    return expect.fail(`the run never ended: ${phases.join(' → ')}`);
  }

  it('follows a run forwards only, from the queue to its end, with its steps', async () => {
    const ref = await started(stage, 'aether-follow-1');
    const phases = await untilEnded(ref);
    expect(phases.map((phase) => ORDER.indexOf(phase))).toEqual(
      [...phases].map((phase) => ORDER.indexOf(phase)).sort((a, b) => a - b),
    );
    expect(phases.at(-1)).toBe('done');
    expect(phases).toContain('deploying');
    const last = await observe(ref);
    expect(last).toMatchObject({
      ref: { id: ref.id, attempt: 1 },
      failure: null,
      sha: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(new Set(last.steps.map((step) => step.key)).size).toBe(last.steps.length);
    expect(Date.parse(last.finishedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(last.startedAt ?? ''));
  });

  it('names the step that failed', async () => {
    stage.harness.world.set({ outcome: 'failure' });
    const ref = await started(stage, 'aether-fails-1');
    expect((await untilEnded(ref)).at(-1)).toBe('failed');
    const { failure: why, steps } = await observe(ref);
    expect(why?.sentence).toContain(why?.step ?? 'failed');
    const failed = steps.filter((step) => step.status === 'failed').map((step) => step.name);
    if (steps.length > 0) expect(failed).toContain(why?.step);
  });

  it('takes no unknown word of the vendor for success', async () => {
    const ref = await started(stage, 'aether-garbled-1');
    const garbled = wire(stage.provider.manifest, stage.harness, { fetch: stage.harness.garbled(stage.harness.fetch) });
    const seen = await capability(stage.provider, 'status').observe(garbled.context, stage.harness.target, ref);
    expect(seen.phase).toBe('unrecognised');
    expect(seen.rawPhase).not.toBe('');
  });

  it('says that an unknown run is unknown', async () => {
    const error = await failure(stage, observe({ id: '1', attempt: 1, url: '' }));
    expect(error.kind).toBe('notFound');
  });

  if (claims(stage.provider, 'cancel')) {
    it('cancels a run with one request, and refuses to cancel it when it has ended', async () => {
      const { cancel } = capability(stage.provider, 'cancel');
      const ref = await started(stage, 'aether-cancel-1');
      stage.harness.world.advance(3_000);
      const before = stage.wire.mutations();
      await cancel(stage.wire.context, stage.harness.target, ref);
      expect(stage.wire.mutations() - before).toBe(1);
      expect((await untilEnded(ref)).at(-1)).toBe('cancelled');
      const error = await failure(stage, cancel(stage.wire.context, stage.harness.target, ref));
      expect(error).toMatchObject({ kind: 'rejected', code: 'already_finished', ambiguous: false });
    });
  }

  if (claims(stage.provider, 'retry')) {
    it('repeats a failed run under the same id as the next attempt, once', async () => {
      const { retry } = capability(stage.provider, 'retry');
      stage.harness.world.set({ outcome: 'flaky' });
      const ref = await started(stage, 'aether-retry-1');
      expect((await untilEnded(ref)).at(-1)).toBe('failed');
      const again = await retry(stage.wire.context, stage.harness.target, ref);
      expect(again).toMatchObject({ id: ref.id, attempt: 2 });
      const sent = stage.wire.mutations();
      expect(await retry(stage.wire.context, stage.harness.target, ref), 'a second click adopts the attempt').toEqual(
        again,
      );
      expect(stage.wire.mutations()).toBe(sent);
      expect((await untilEnded(again)).at(-1)).toBe('done');
      expect((await observe(ref)).phase, 'the first attempt stays what it was').toBe('failed');
    });
  }

  if (claims(stage.provider, 'logs')) describeLogs(stage, untilEnded);
}

function describeLogs(stage: Stage, untilEnded: (ref: RemoteRef) => Promise<string[]>): void {
  it('reads the whole log of a job by its cursor, and an empty one before it is there', async () => {
    const { read } = capability(stage.provider, 'logs');
    const { context } = stage.wire;
    const ref = await started(stage, 'aether-logs-1');
    stage.harness.world.advance(5_000);
    const early = await capability(stage.provider, 'status').observe(context, stage.harness.target, ref);
    const running = early.steps.find((step) => step.number === 0 && step.status === 'running');
    if (running) expect((await read(context, stage.harness.target, running.jobId, null)).cursor).not.toBeNull();
    await untilEnded(ref);
    const { steps } = await capability(stage.provider, 'status').observe(context, stage.harness.target, ref);
    const job = steps.find((step) => step.number === 0 && step.status === 'succeeded');
    let text = '';
    let cursor: string | null = null;
    do {
      const chunk = await read(context, stage.harness.target, job?.jobId ?? '', cursor);
      text += chunk.text;
      cursor = chunk.cursor;
    } while (cursor !== null);
    expect(text.split('\n').length).toBeGreaterThan(5);
  });

  it('says that the log of an unknown job is unknown', async () => {
    const error = await failure(
      stage,
      capability(stage.provider, 'logs').read(stage.wire.context, stage.harness.target, '1', null),
    );
    expect(error.kind).toBe('notFound');
  });
}
