import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ProblemError } from '@/components/live/problem';
import type { SignalVerdict } from '@/lib/observability/model/verdict';
import type { VerdictView } from '@/lib/observability/model/verdict-view';
import { Unread, VerdictNotice } from './verdict-panel';

const span = { from: 0, to: 60_000 };
const errors: SignalVerdict = {
  ...{
    signal: 'errors' as const,
    source: 'Prometheus at metrics.example.com',
    url: 'https://metrics.example.com/graph',
  },
  ...{ before: 0.2, after: null, verdict: 'worse' as const, why: '', rule: 'Worse when it doubles.' },
};
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
const drawn = (change: Partial<VerdictView> = {}) =>
  renderToStaticMarkup(<VerdictNotice view={{ ...worse, ...change }} />);

it('worse has its numbers, its rule, the same line at the source, and the way back one press away', () => {
  const html = drawn();
  expect(html).toContain('Worse than before so far');
  expect(html).toContain('Error rate: 0.2 % before, 4.1 % since.');
  expect(html).toContain('Worse when it doubles.');
  expect(html, 'what was not measured is no zero').toMatch(/0\.2 % → –/);
  expect(html).toMatch(/<a href="https:\/\/metrics\.example\.com\/graph"[^>]*rel="noreferrer"/);
  expect(html).toMatch(/<a [^>]*href="\/targets\/tgt_1\/roll-back"/);
  expect(html).toContain('Nothing is rolled back by itself');
});

it('what is not live any more suggests no way back; a closed verdict is not “so far”', () => {
  const html = drawn({ rollBack: null, closed: true });
  expect(html).not.toContain('roll-back');
  expect(html).not.toContain('so far');
});

it('inconclusive says why, and looks like neither good nor bad news', () => {
  const html = drawn({ verdict: 'inconclusive', why: 'Too little traffic.', rollBack: null });
  expect(html).toContain('Inconclusive so far');
  expect(html).toContain('Too little traffic.');
});

it('that could not be read is said, with how old what is shown is, and is no silence', () => {
  const error = new ProblemError(503, 'away', 'The database does not answer.');
  const of = Date.UTC(2026, 10, 27, 12);
  expect(renderToStaticMarkup(<Unread {...{ error }} of={null} />)).toMatch(
    /could not be read.*The database does not answer/s,
  );
  expect(renderToStaticMarkup(<Unread {...{ error, of }} />)).toMatch(/What you see is from .*2026-11-27/s);
});

it('is not there where nobody measures', () => {
  expect(drawn({ verdict: null })).toBe('');
});

it('where a policy goes back by itself it says when, why not, or which one goes back', () => {
  const sentence = 'It stayed worse, so #13 goes back by itself.';
  const html = drawn({ automatic: { state: 'asked', sentence, deploymentId: 'dep_13' } });
  expect(html).toContain(sentence);
  expect(html).toMatch(/<a [^>]*href="\/deployments\/dep_13"/);
  expect(html).not.toContain('Nothing is rolled back by itself');
});

it('alerts and new issues stand beside the numbers, with where it was written down; silence is said as such', () => {
  const one = { source: 'Issues at issues.example.com', judged: true, alerts: [], issues: [], more: 0, problem: null };
  const alert = {
    name: 'HighErrorRate',
    state: 'firing',
    since: '2026-11-01T12:03:00.000Z',
    severity: 'page',
    sentence: '',
  } as const;
  const issue = { id: 'API-2', title: 'TypeError', count: 3, firstSeenAt: '', url: 'https://issues.example.com/2' };
  const report = worse.report && {
    ...worse.report,
    beside: [
      one,
      { ...one, source: 'Metrics', alerts: [alert], issues: [issue] },
      { ...one, source: 'C', problem: 'It is down.' },
    ],
  };
  const url = 'https://panels.example.com/d/a';
  const html = drawn({ report, written: [{ ok: true, sentence: 'Panels has an annotation of it.', url }] });
  expect(html).toContain('no alert fires, and no issue is new.');
  expect(html).toMatch(/HighErrorRate fires since 12:03 UTC \(page\)/);
  expect(html).toMatch(/<a href="https:\/\/issues\.example\.com\/2"[^>]*>TypeError<\/a>/);
  expect(html).toContain('It is down.');
  expect(html).toContain(url);
  const unmeasured = drawn({ verdict: null, written: [{ ok: false, sentence: 'It was not told yet.', url: null }] });
  expect(unmeasured).toContain('It was not told yet.');
});

it('what our own probe was answered stands below the numbers: now, and when it failed last', () => {
  const last = { at: '2026-11-27T12:04:00.000Z', status: 200, version: '9f8e7d6' };
  const failed = { at: '2026-11-27T12:01:00.000Z', status: 503, version: null };
  const text = (html: string) => html.replace(/<[^>]+>/g, '');
  const both = text(drawn({ probes: { last, failed } }));
  expect(both).toMatch(/Our newest probe: 200, .*version 9f8e7d6, the newest that failed: 503, /);
  const silent = { ...failed, status: null };
  expect(text(drawn({ probes: { last: silent, failed: silent } }))).toMatch(/Our newest probe: no answer, [^,]*\./);
  expect(drawn()).not.toContain('probe:');
});
