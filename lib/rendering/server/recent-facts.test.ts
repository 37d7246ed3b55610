import { expect, it } from 'vitest';
import { moduleFacts, weightOf } from '../model/app/facts';
import { RecentFacts } from './recent-facts';

const of = (id: string, connectionId = 'con_1') => ({ connectionId, id, path: 'app/page.tsx' });
const large = moduleFacts('a.ts', Array.from({ length: 4_000 }, (_, at) => `export const f${at} = 1;`).join('\n'));

it('a file is known to the connection that showed it alone, by its content and ending', () => {
  const recent = new RecentFacts();
  const facts = moduleFacts('app/page.tsx', 'export default 1;');
  recent.set(of('a'), facts);
  expect(recent.get(of('a'))).toBe(facts);
  expect(recent.get(of('a', 'con_2')), 'another origin may answer this id with another text').toBeUndefined();
  expect(recent.get({ ...of('a'), path: 'lib/a.ts' })).toBeUndefined();
});

it('what is kept is bounded by what it holds; the least recently used go first', () => {
  const recent = new RecentFacts();
  const fits = Math.floor(200_000 / weightOf(large));
  for (let at = 0; at <= fits; at++) {
    recent.set(of(`f${at}`), large);
    recent.get(of('f0'));
  }
  expect(recent.weight).toBeLessThanOrEqual(200_000);
  expect([recent.get(of('f0')), recent.get(of('f1')), recent.get(of(`f${fits}`))]).toEqual([large, undefined, large]);
  recent.set(of('f0'), large);
  expect(recent.weight, 'the same once more').toBeLessThanOrEqual(200_000);
});
