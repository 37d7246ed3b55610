import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { JobView, StepView } from '@/lib/deployments/model/view';
import { StepList } from './step-list';

const step = (name: string, status: StepView['status']): StepView => ({
  ...{ key: name, number: 1, name, status, startedAt: '2026-11-28T10:00:00Z', endedAt: null },
});

test('what ran when the deployment ended runs no more on its page, and it says where the rest is told', () => {
  const job: JobView = {
    ...{ jobId: 'j1', name: 'Publish', status: 'running', startedAt: '2026-11-28T10:00:00Z', endedAt: null },
    steps: [step('Publish to the VS Marketplace', 'running'), step('Publish to Open VSX', 'queued')],
  };
  const drawn = (over: boolean) =>
    renderToStaticMarkup(<StepList jobs={[job]} over={over} picked="j1" onPick={() => undefined} />);
  expect(drawn(true)).toContain('was running');
  expect(drawn(true)).not.toContain('animate-spin');
  expect(drawn(true)).toContain('The run’s own page says how it went on.');
  expect(drawn(false)).toContain('animate-spin');
  expect(drawn(false)).not.toContain('own page');
});
