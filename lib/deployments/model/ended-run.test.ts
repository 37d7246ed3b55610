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

  it.each<[what: string, may: boolean, steps: [name: string, status: StepStatus][]]>([
    ['its own step failed', false, [['Run npx @vscode/vsce publish', 'failed']]],
    ['its own step never began', false, [['Run npx @vscode/vsce publish', 'skipped']]],
    ['its own step was cancelled', true, [['Run npx @vscode/vsce publish', 'cancelled']]],
    ['a script of the tool ran', true, [['Run ./vsce-upload.sh', 'succeeded']]],
    ['a script of the tool failed', false, [['Run ./vsce-upload.sh', 'failed']]],
  ])('is not judged by what installs, lists and packages with the tool: %s', (_, may, own) => {
    const steps = job('1', 'build', 'failed', [
      ['Run npm install -g @vscode/vsce ovsx', 'succeeded'],
      ['Run npx @vscode/vsce ls', 'succeeded'],
      ['Run npx @vscode/vsce package', 'succeeded'],
      ...own,
    ]);
    expect(mayHavePublished({ steps })).toBe(may);
  });

  it.each<[open: string, market: string, openIs: StepStatus, marketIs: StepStatus, may: boolean]>([
    ['Publish to Open VSX', 'Publish to the VS Marketplace', 'succeeded', 'failed', false],
    ['Publish to Open VSX', 'Publish to the VS Marketplace', 'failed', 'succeeded', true],
    ['Run npx ovsx publish', 'Run npx @vscode/vsce publish', 'succeeded', 'skipped', false],
    ['Run npx ovsx publish', 'Run npx @vscode/vsce publish', 'failed', 'cancelled', true],
    ['Publish to Open VSX', 'Publish', 'succeeded', 'failed', false],
  ])('is not judged by the step of another gallery (%s, %s: %s, %s)', (open, market, openIs, marketIs, may) => {
    const steps = job('1', 'publish', 'failed', [
      [open, openIs],
      [market, marketIs],
    ]);
    expect(mayHavePublished({ steps })).toBe(may);
  });

  it('may have where the step that publishes failed because it took too long', () => {
    const steps = job('1', 'Ship', 'failed', [['Publish', 'failed']]);
    expect(mayHavePublished({ steps })).toBe(false);
    const cutOff = steps.map((step) => (step.number > 0 ? { ...step, timedOut: true as const } : step));
    expect(mayHavePublished({ steps: cutOff })).toBe(true);
  });
});
