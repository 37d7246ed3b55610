import { expect, test } from 'vitest';
import type { SignalVerdict } from '@/lib/observability/model/verdict';
import type { VerdictView } from '@/lib/observability/model/verdict-view';
import { Client } from './client';
import { EXIT } from './exit';
import { sit } from './testing/sit';

const errors: SignalVerdict = {
  ...{ signal: 'errors' as const, source: 'Prometheus at metrics.example.com', url: null, before: 0.2, after: 4.1 },
  ...{ verdict: 'worse' as const, why: '0.2 % before, 4.1 % since.', rule: 'Worse when it doubles.' },
};
const span = { from: 0, to: 60_000 };
const worse: VerdictView = {
  ...{ deployment: { id: 'dep_1', number: 12 }, targetId: 'tgt_1', verdict: 'worse' as const, closed: false },
  ...{ liveAt: null, untilAt: null, judgedAt: null, worseSince: null, rollBack: '/targets/tgt_1/roll-back' },
  ...{ automatic: null, written: [], probes: null },
  why: 'Error rate: 0.2 % before, 4.1 % since.',
  report: {
    ...{ verdict: 'worse' as const, why: '', closed: false, before: span, after: span, signals: [errors] },
    requests: { before: 900, after: 800 },
  },
};

async function verdict(view: VerdictView, args: string[] = []) {
  const client = new Client({ url: 'http://127.0.0.1:1', token: 'none' }, new AbortController().signal);
  client.get = async <T>(path: string) => {
    expect(path).toBe('/deployments/dep_1/verdict');
    return view as T;
  };
  return sit('verdict', ['dep_1', ...args], client);
}

test('worse is said with its numbers and the way back, and ends with 1 so that a script stops', async () => {
  const { code, out } = await verdict(worse);
  expect(code).toBe(EXIT.failed);
  expect(out).toContain('Worse than before so far. Error rate: 0.2 % before, 4.1 % since.');
  expect(out).toMatch(/errors +worse +Worse when it doubles\. +Prometheus at metrics\.example\.com/);
  expect(out).toContain('Going back is suggested.');
  const automatic = {
    state: 'refused',
    sentence: 'It is not rolled back by itself. Frozen.',
    deploymentId: null,
  } as const;
  expect((await verdict({ ...worse, automatic })).out).toContain(automatic.sentence);
  expect(JSON.parse((await verdict(worse, ['--json'])).out)).toEqual(worse);
});

test('alerts, new issues and where it was written down are said beside the numbers', async () => {
  const one = { source: 'Metrics', judged: true, more: 0, problem: null };
  const alert = { name: 'HighErrorRate', state: 'firing', since: null, severity: null, sentence: '' } as const;
  const issue = { id: 'A-1', title: 'TypeError', count: 1, firstSeenAt: '', url: 'https://issues.example.com/1' };
  const report = worse.report && { ...worse.report, beside: [{ ...one, alerts: [alert], issues: [issue] }] };
  const written = [{ ok: true, sentence: 'Panels has an annotation of it.', url: null }];
  const { out } = await verdict({ ...worse, report, written });
  expect(out).toContain('Metrics: HighErrorRate fires.');
  expect(out).toContain('Metrics: new: TypeError https://issues.example.com/1');
  expect(out).toContain('Panels has an annotation of it.');
});

test.each([
  [
    'healthy',
    EXIT.ok,
    { verdict: 'healthy', closed: true, rollBack: null, why: 'Nothing was worse.' },
    'Healthy. Nothing was',
  ],
  [
    'inconclusive',
    EXIT.unclear,
    { verdict: 'inconclusive', rollBack: null, why: 'Too little traffic.' },
    'Inconclusive so far. Too',
  ],
  [
    'judged by nobody',
    EXIT.unclear,
    { verdict: null, report: null, rollBack: null, why: 'Nothing measures it.' },
    'Nothing measures',
  ],
] as const)(
  'what is %s ends with %i and suggests nothing: only healthy lets a script go on',
  async (_, ends, change, says) => {
    const { code, out } = await verdict({ ...worse, ...change });
    expect(code).toBe(ends);
    expect(out).toContain(says);
    expect(out).not.toContain('Going back');
  },
);
