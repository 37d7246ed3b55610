import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { NowView } from '@/lib/deployments/model/view';
import { ConnectionHealth } from './connection-health';

type Connection = NowView['connections'][number];
const one = (name: string, more: Partial<Connection> = {}): Connection => ({
  ...{ id: `con_${name}`, name, state: 'ok', checkedAt: '2026-11-20T10:00:00Z', problem: null, weather: [] },
  ...more,
});
const drawn = (...connections: Connection[]) => {
  const html = renderToStaticMarkup(<ConnectionHealth connections={connections} />);
  const [shown = '', folded = ''] = html.split('<details');
  return { shown, folded };
};

test('what needs a look stands before a fold of many that work', () => {
  const ends = one('Ends', { weather: [{ tone: 'warn', sentence: 'It ends tomorrow.' }] });
  const fails = one('Fails', { state: 'failing', problem: 'Refused.' });
  const { shown, folded } = drawn(
    one('A'),
    one('B'),
    one('C'),
    one('D'),
    ends,
    fails,
    one('New', { state: 'unchecked' }),
  );
  for (const text of ['Ends', 'It ends tomorrow.', 'Fails', 'Refused.', 'New']) expect(shown).toContain(text);
  for (const name of ['A', 'B', 'C', 'D']) expect(shown).not.toContain(`>${name}<`);
  expect(folded).toContain('4 others');
  for (const name of ['A', 'B', 'C', 'D']) expect(folded).toContain(`>${name}<`);
});

test('a few are all shown, and where all of many work it says so', () => {
  expect(drawn(one('A'), one('B'), one('C')).folded).toBe('');
  expect(drawn(one('A'), one('B'), one('C'), one('D')).folded).toContain('4 connections');
});
