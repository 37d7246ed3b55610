import { describe, expect, it } from 'vitest';
import { catalog } from '../../providers/catalog.generated';
import type { ObservedStep, StepStatus } from '../../providers/port';
import { type Evidence, evidenceOf } from './ended-run';

/** By its label: no vendor has a special case here. */
function gallery(label: string) {
  return Object.values(catalog).find((each) => each.label === label) ?? expect.fail(`There is no ${label}.`);
}
const evidence = (steps: readonly ObservedStep[], label = 'VS Marketplace') =>
  evidenceOf({ steps: [...steps] }, gallery(label));

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
      expect(evidence([...packaged, ...publishing(status)])).toBe('begun');
    },
  );

  it.each(['skipped', 'queued', 'failed'] as const)(
    'has not where that step never began, or failed itself (%s)',
    (status) => {
      expect(evidence([...packaged, ...publishing(status)])).toBe('none');
    },
  );

  it.each(['skipped', 'cancelled', 'queued'] as const)(
    'has not where the job that publishes never began (%s)',
    (status) => {
      expect(evidence([...packaged, ...job('2', 'Publish', status)])).toBe('none');
    },
  );

  it('perhaps has where no step says what it does and something ran; without a job it did nothing', () => {
    expect(evidence(job('1', 'Ship', 'failed', [['Do it', 'succeeded']]))).toBe('perhaps');
    expect(evidence(job('1', 'Ship', 'skipped'))).toBe('none');
    expect(evidence([])).toBe('none');
  });

  it('is judged by a step without a name of its own as GitHub calls it', () => {
    const steps = job('1', 'build', 'failed', [
      ['Run npm test', 'succeeded'],
      ['Run npx @vscode/vsce publish', 'skipped'],
    ]);
    expect(evidence(steps)).toBe('none');
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
    expect(evidence(steps)).toBe(may ? 'begun' : 'none');
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
    expect(evidence(steps)).toBe(may ? 'begun' : 'none');
  });

  it.each<[what: string, says: Evidence, steps: [name: string, status: StepStatus][]]>([
    [
      'test results were not published, the package was, and what came after failed',
      'begun',
      [
        ['Publish test results', 'skipped'],
        ['Release to VS Code (vsce)', 'succeeded'],
        ['Tag', 'failed'],
      ],
    ],
    [
      'test results were, and the package was never begun',
      'none',
      [
        ['Test', 'failed'],
        ['Publish Test Results', 'succeeded'],
        ['Run npx @vscode/vsce publish', 'skipped'],
      ],
    ],
    [
      'a release at GitHub was, and the package failed',
      'none',
      [
        ['Publish GitHub release', 'succeeded'],
        ['Run npx @vscode/vsce publish', 'failed'],
      ],
    ],
    [
      'somebody was signed in, and the package failed',
      'none',
      [
        ['Run npx @vscode/vsce login acme', 'succeeded'],
        ['Publish', 'failed'],
      ],
    ],
  ])('is not judged by what else is published or done there: %s', (_, says, steps) => {
    expect(evidence(job('1', 'release', 'failed', steps))).toBe(says);
  });

  it('may have where the step that publishes failed because it took too long', () => {
    const steps = job('1', 'Ship', 'failed', [['Publish', 'failed']]);
    expect(evidence(steps)).toBe('none');
    const cutOff = steps.map((step) => (step.number > 0 ? { ...step, timedOut: true as const } : step));
    expect(evidence(cutOff)).toBe('begun');
  });

  it.each<[each: string, steps: [name: string, status: StepStatus][], says: Evidence]>([
    [
      'one failed',
      [
        ['Publish', 'succeeded'],
        ['Publish', 'failed'],
      ],
      'perhaps',
    ],
    [
      'one was cancelled, the other never began',
      [
        ['Publish', 'cancelled'],
        ['Publish', 'skipped'],
      ],
      'perhaps',
    ],
    [
      'none failed',
      [
        ['Publish', 'succeeded'],
        ['Publish', 'cancelled'],
      ],
      'begun',
    ],
    [
      'all failed',
      [
        ['Publish', 'failed'],
        ['Publish', 'failed'],
      ],
      'none',
    ],
    [
      'its own failed',
      [
        ['Publish to the Marketplace', 'failed'],
        ['Publish the rest', 'succeeded'],
      ],
      'perhaps',
    ],
    [
      'only another gallery is named',
      [
        ['Publish to Open VSX', 'succeeded'],
        ['Ship', 'failed'],
      ],
      'perhaps',
    ],
  ])('perhaps has where publish steps name no gallery and not all of them may have: %s', (_, steps, says) => {
    expect(evidence(job('1', 'release', 'failed', steps))).toBe(says);
  });

  it.each<[market: StepStatus, open: StepStatus, says: Evidence]>([
    ['failed', 'succeeded', 'none'],
    ['succeeded', 'failed', 'begun'],
    ['skipped', 'cancelled', 'none'],
  ])('is judged by the job of its gallery, as a matrix names it (%s, %s)', (market, open, says) => {
    const of = (id: string, place: string, is: StepStatus) =>
      job(id, `publish (${place})`, 'failed', [['Publish', is]]);
    const steps = [...of('1', 'vs-marketplace', market), ...of('2', 'open-vsx', open)];
    expect(evidence(steps)).toBe(says);
  });

  it.each<[marketIs: StepStatus, openIs: StepStatus, says: Evidence]>([
    ['failed', 'succeeded', 'perhaps'],
    ['succeeded', 'failed', 'perhaps'],
    ['failed', 'failed', 'none'],
    ['succeeded', 'succeeded', 'begun'],
  ])('is not judged by a step with the words of two galleries as its own (%s, %s)', (marketIs, openIs, says) => {
    const steps = job('1', 'release', 'failed', [
      ['Publish to Open VSX Marketplace', openIs],
      ['Publish extension', marketIs],
    ]);
    expect(evidence(steps)).toBe(says);
    const ofJob = job('1', 'publish (vs-marketplace)', 'failed', [['Publish to Open VSX Marketplace', openIs]]);
    expect(evidence(ofJob), 'then its job says which').toBe(openIs === 'failed' ? 'none' : 'begun');
  });

  it('is told by each gallery’s own words alone: the same run reads the other way round there', () => {
    const steps = job('1', 'publish', 'failed', [
      ['Run npx ovsx publish', 'succeeded'],
      ['Run npx @vscode/vsce publish', 'failed'],
    ]);
    const labels = ['VS Marketplace', 'Open VSX', 'Private gallery'];
    expect(labels.map((label) => evidence(steps, label))).toEqual(['none', 'begun', 'begun']);
  });
});
