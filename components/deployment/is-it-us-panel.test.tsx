import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { type FailureView, isItUs } from '@/lib/deployments/model/failure-view';
import { IsItUs } from './is-it-us-panel';

const AT = '2026-11-27T10:00:00.000Z';
const nothing = { here: { times: 0, last: null }, elsewhere: { times: 0, newest: [] }, said: [], weather: [] };
const alike = { id: 'dep_1', number: 7, component: 'Docs', label: '', environment: 'Staging', at: AT };
const failure = { line: 'Error: <b>disk</b> full', step: 'Build', exitCode: 1, source: 'log' as const, at: AT };

function drawn(over: Partial<FailureView>): string {
  const facts = { ...nothing, ...over };
  const view = { deployment: { id: 'dep_9', number: 9 }, failure, ...facts, verdict: isItUs(facts), ...over };
  return renderToStaticMarkup(<IsItUs view={view} />).replace(/\s+/g, ' ');
}
const words = (html: string) => html.replace(/<[^>]*>/g, '');

test('what it failed with is text, and where nothing is known nobody else is blamed', () => {
  const html = drawn({});
  expect(html).toContain('Error: &lt;b&gt;disk&lt;/b&gt; full');
  expect(words(html)).toMatch(/look at this change first\..*, exit code 1\.Here never before in 90 days\./);
});

test('the same failure elsewhere, what the provider said and the weather stand with their links', () => {
  const said = { provider: 'GitHub', name: 'Slow queues', url: 'https://x.example/', impact: 'minor', latest: null };
  const html = drawn({
    ...{ here: { times: 2, last: alike }, elsewhere: { times: 3, newest: [alike] } },
    said: [{ ...said, since: AT, seenAt: AT }] as FailureView['said'],
    weather: [{ tone: 'bad', sentence: 'The credential ended.' }],
  });
  expect(words(html)).toContain('GitHub had trouble of its own while it ran: “Slow queues”.');
  expect(words(html)).toMatch(/Here 2 times before in 90 days, last in #7/);
  expect(words(html)).toMatch(/Docs in Staging: #7.*2 more elsewhere\..*The credential ended\./);
  expect(html.match(/href="\/deployments\/dep_1"/g)).toHaveLength(2);
});

test('what did not fail has no panel', () => {
  expect(drawn({ failure: null })).toBe('');
});
