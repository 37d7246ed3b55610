import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WaitingGate } from '../environment-terms';
import { phaseOf, stepStatus, toObservation } from './map';
import { type Job, jobSchema, type Run, runSchema } from './schema';

const AT = '2026-01-01T00:00:00Z';

function run(status: string | null, conclusion: string | null = null): Run {
  return runSchema.parse({
    id: 7,
    html_url: 'https://github.com/o/r/actions/runs/7',
    status,
    conclusion,
    head_sha: 'a'.repeat(40),
    run_attempt: 2,
    run_started_at: AT,
    created_at: AT,
    updated_at: '2026-01-01T00:09:00Z',
  });
}

function job(name: string, status: string, more: Record<string, unknown> = {}): Job {
  return jobSchema.parse({ id: name.length, name, status, started_at: AT, ...more });
}

describe('phaseOf', () => {
  it.each([
    ['queued', null, 'queued'],
    ['requested', null, 'queued'],
    ['pending', null, 'queued'],
    ['waiting', null, 'waiting'],
    ['in_progress', null, 'building'],
    ['completed', 'success', 'done'],
    ['completed', 'failure', 'failed'],
    ['completed', 'startup_failure', 'failed'],
    ['completed', 'cancelled', 'cancelled'],
    ['completed', 'timed_out', 'timed_out'],
    ['completed', 'action_required', 'waiting'],
    ['completed', 'skipped', 'failed'],
    ['completed', 'neutral', 'failed'],
    ['completed', 'stale', 'failed'],
    ['completed', null, 'unrecognised'],
    ['completed', 'triumphant', 'unrecognised'],
    ['in_orbit', null, 'unrecognised'],
    ['constructor', null, 'unrecognised'],
    ['completed', 'toString', 'unrecognised'],
    [null, null, 'unrecognised'],
  ])('%s / %s is %s', (status, conclusion, phase) => {
    expect(phaseOf({ status, conclusion }, [])).toBe(phase);
  });

  it('is done for completed/success and for nothing else', () => {
    const word = fc.oneof(
      fc.constantFrom('queued', 'in_progress', 'completed', 'success', 'failure', 'skipped', 'neutral', '__proto__'),
      fc.string(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(word, word, (status, conclusion) => {
        expect(phaseOf({ status, conclusion }, []) === 'done').toBe(status === 'completed' && conclusion === 'success');
      }),
    );
  });

  it.each([
    [
      'a deploying job runs',
      [job('Build', 'completed', { conclusion: 'success' }), job('Deploy to staging', 'in_progress')],
      'deploying',
    ],
    [
      'another job runs',
      [job('Deploy', 'completed', { conclusion: 'success' }), job('Smoke test', 'in_progress')],
      'building',
    ],
    [
      'the deploying job ended last',
      [
        job('Build', 'completed', { conclusion: 'success', completed_at: AT }),
        job('Publish', 'completed', { conclusion: 'success', completed_at: '2026-01-01T00:01:00Z' }),
      ],
      'deploying',
    ],
    [
      'the deploying job was skipped',
      [
        job('Build', 'completed', { conclusion: 'success', completed_at: AT }),
        job('Publish', 'completed', { conclusion: 'skipped', completed_at: '2026-01-01T00:01:00Z' }),
      ],
      'building',
    ],
    [
      'the deploying job waits for a runner',
      [job('Build', 'completed', { conclusion: 'success', completed_at: AT }), job('Deploy', 'queued')],
      'building',
    ],
  ])('in progress, %s', (_, jobs, phase) => {
    expect(phaseOf({ status: 'in_progress', conclusion: null }, jobs)).toBe(phase);
  });
});

describe('stepStatus', () => {
  it.each([
    ['queued', null, 'queued'],
    ['in_progress', null, 'running'],
    ['completed', 'success', 'succeeded'],
    ['completed', 'failure', 'failed'],
    ['completed', 'timed_out', 'failed'],
    ['completed', 'cancelled', 'cancelled'],
    ['completed', 'skipped', 'skipped'],
    ['completed', 'neutral', 'skipped'],
    ['completed', 'hasOwnProperty', 'unrecognised'],
    ['valueOf', null, 'unrecognised'],
  ])('%s / %s is %s', (status, conclusion, expected) => {
    expect(stepStatus(status, conclusion)).toBe(expected);
  });
});

describe('toObservation', () => {
  const step = (number: number, name: string, conclusion: string) => ({
    number,
    name,
    status: 'completed',
    conclusion,
    started_at: AT,
    completed_at: AT,
  });

  it('names the first failed step of the first failed job', () => {
    const jobs = [
      job('Build', 'completed', { conclusion: 'success' }),
      job('Deploy', 'completed', {
        conclusion: 'failure',
        steps: [step(1, 'Set up', 'success'), step(2, 'Roll out', 'failure'), step(3, 'Smoke', 'skipped')],
      }),
    ];
    const seen = toObservation(run('completed', 'failure'), jobs);
    expect(seen.failure).toEqual({
      step: 'Roll out',
      sentence: 'The step “Roll out” of the job “Deploy” failed. Its log says why.',
    });
    expect(seen.steps.map((each) => each.key)).toEqual(['5:0', '6:0', '6:1', '6:2', '6:3']);
  });

  it('tells a step that took too long from one that failed by itself', () => {
    const steps = [step(1, 'Publish', 'timed_out'), step(2, 'Report', 'failure')];
    const seen = toObservation(run('completed', 'timed_out'), [
      job('Deploy', 'completed', { conclusion: 'timed_out', steps }),
    ]);
    const told = seen.steps.filter(({ number }) => number > 0).map(({ status, timedOut }) => [status, timedOut]);
    expect(told).toEqual([
      ['failed', true],
      ['failed', undefined],
    ]);
    expect(seen.failure?.sentence).toBe(
      'The step “Publish” of the job “Deploy” ran into the time limit. Its log says why.',
    );
  });

  it.each([
    ['skipped', /skipped every job/],
    ['neutral', /neither a success nor a failure/],
    ['stale', /stood still/],
    ['startup_failure', /could not start/],
    ['failure', /without a failed job/],
  ])('says what %s without a failed job means', (conclusion, sentence) => {
    expect(toObservation(run('completed', conclusion), []).failure?.sentence).toMatch(sentence);
  });

  it('says who or what a run waits for', () => {
    const gate = { id: '1', url: '', waitMinutes: 0, timerSince: null, mayAnswer: false };
    const pending: WaitingGate[] = [
      {
        ...gate,
        environment: 'production',
        reviewers: [
          { kind: 'person', name: 'inesroca' },
          { kind: 'team', name: 'ops' },
        ],
      },
    ];
    const standing = job('Deploy', 'waiting', { created_at: '2026-01-01T00:05:00Z' });
    expect(toObservation(run('waiting'), [standing], pending).held).toEqual({
      since: standing.created_at,
      gates: pending,
    });
    expect(toObservation(run('in_progress'), [standing]).held).toBeUndefined();
    expect(toObservation(run('waiting'), [], pending).waitingFor).toBe(
      'approval of “production” at GitHub by inesroca, ops',
    );
    expect(toObservation(run('waiting'), []).waitingFor).toMatch(/protection rule/);
    expect(toObservation(run('pending'), []).waitingFor).toMatch(/concurrency group/);
    expect(
      toObservation(run('queued'), [job('Build', 'queued', { labels: ['self-hosted', 'arm64'] })]).waitingFor,
    ).toBe('a free runner (self-hosted, arm64)');
    expect(toObservation(run('in_progress'), []).waitingFor).toBeNull();
  });

  it('has an end only when the run has one', () => {
    expect(
      toObservation(run('in_progress'), [job('Build', 'completed', { conclusion: 'success', completed_at: AT })])
        .finishedAt,
    ).toBeNull();
    expect(
      toObservation(run('completed', 'success'), [
        job('Build', 'completed', { conclusion: 'success', completed_at: AT }),
      ]).finishedAt,
    ).toBe(AT);
    expect(toObservation(run('completed', 'cancelled'), []).finishedAt).toBe('2026-01-01T00:09:00Z');
  });
});
