import { describe, expect, it } from 'vitest';
import type { ObservedStep, StepStatus } from '../../providers/port';
import { mayHavePublished } from './ended-run';

function job(jobId: string, name: string, status: StepStatus, steps: [name: string, status: StepStatus][] = []) {
  const whole = { key: `${jobId}:0`, job: name, jobId, number: 0, name, status, startedAt: null, endedAt: null };
  const inside = steps.map(([step, is], at) => ({
    ...{ ...whole, key: `${jobId}:${at + 1}`, number: at + 1 },
    ...{ name: step, status: is },
  }));
  return [whole, ...inside] satisfies ObservedStep[];
}

const packaged = job('1', 'Package', 'succeeded', [['Package the extension', 'succeeded']]);
const publishing = (status: StepStatus) =>
  job('2', 'Publish to the VS Marketplace', 'cancelled', [
    ['Fetch the package', 'succeeded'],
    ['Publish', status],
  ]);

describe('a run that is over', () => {
  it.each(['cancelled', 'succeeded', 'running', 'unrecognised'] as const)(
    'may have published once its publish step began (%s)',
    (status) => {
      expect(mayHavePublished({ steps: [...packaged, ...publishing(status)] })).toBe(true);
    },
  );

  it.each(['skipped', 'queued', 'failed'] as const)(
    'has not where that step never began, or failed itself (%s)',
    (status) => {
      expect(mayHavePublished({ steps: [...packaged, ...publishing(status)] })).toBe(false);
    },
  );

  it.each(['skipped', 'cancelled', 'queued'] as const)(
    'has not where the job that publishes never began (%s)',
    (status) => {
      expect(mayHavePublished({ steps: [...packaged, ...job('2', 'Publish', status)] })).toBe(false);
    },
  );

  it('may have where no step says what it does and something ran; without a job it did nothing', () => {
    expect(mayHavePublished({ steps: job('1', 'Ship', 'failed', [['Do it', 'succeeded']]) })).toBe(true);
    expect(mayHavePublished({ steps: job('1', 'Ship', 'skipped') })).toBe(false);
    expect(mayHavePublished({ steps: [] })).toBe(false);
  });

  it('is judged by a step without a name of its own as GitHub calls it', () => {
    const steps = job('1', 'build', 'failed', [
      ['Run npm test', 'succeeded'],
      ['Run npx @vscode/vsce publish', 'skipped'],
    ]);
    expect(mayHavePublished({ steps })).toBe(false);
  });
});
