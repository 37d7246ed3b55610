import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { PublicIncident } from '@/lib/status/model/public';
import { type DayUptime, type PublicUptime, UPTIME_DAYS } from '@/lib/status/model/uptime';
import type { StatusPlace } from '@/lib/status/model/view';
import { IncidentArticle } from './incident-article';
import { PlaceChoice } from './place-choice';
import { standingOf } from './standing';
import { troubledDays, UptimeBars, uptimeInWords } from './uptime-bars';

const AT = '2026-11-27T10:00:00.000Z';
const incident: PublicIncident = {
  ...{ id: 'inc_1', title: '<b>Slow</b>', impact: 'major', state: 'identified', startedAt: AT, resolvedAt: null },
  ...{ places: [{ component: 'Api', environment: 'Production', label: '' }], release: null },
  updates: [{ id: 'upd_1', state: 'identified', text: '<script>x</script>', at: AT }],
};

test('what people wrote is text on the page, whatever it looks like', () => {
  const html = renderToStaticMarkup(<IncidentArticle incident={incident} />);
  expect(html).toContain('&lt;script&gt;');
  expect(html).not.toMatch(/<script|<b>/);
});

test('all of it stands as its worst incident, else by its maintenance; without either nothing is called good', () => {
  const resolved = { ...incident, resolvedAt: AT };
  const work = { state: 'in_progress' } as never;
  const minor = { ...incident, impact: 'minor' as const };
  const says = (incidents: PublicIncident[], maintenances: never[] = []) => standingOf({ incidents, maintenances });
  expect(says([minor, incident])).toEqual({ tone: 'bad', says: 'Major trouble: 2 incidents go on' });
  expect(says([resolved], [work])).toEqual({ tone: 'busy', says: 'Maintenance goes on' });
  expect(says([resolved])).toEqual({ tone: 'neutral', says: 'No incident is known' });
});

test('a day that nobody measured is a line and no green, in the picture and in words', () => {
  const days: DayUptime[] = Array.from({ length: UPTIME_DAYS }, () => null);
  const nothing = { from: '2026-08-30', days, share: null, measuredDays: 0 };
  /** What is drawn in green. */
  const green = (uptime: PublicUptime) =>
    /<path d="([^"]*)" class="fill-good"/.exec(renderToStaticMarkup(<UptimeBars uptime={uptime} />))?.[1];
  expect(green(nothing)).toBe('');
  expect(green({ ...nothing, days: [...days.slice(1), [1, 1]] })).toBe('M356 0h3v24h-3z');
  expect(uptimeInWords(nothing)).toBe('Nothing was measured yet');
  const two = { ...nothing, days: [...days.slice(2), [0.5, 1], [1, 0.2]] as DayUptime[], share: 0.58, measuredDays: 2 };
  expect(green(two)).toBe('');
  expect(troubledDays(two)).toEqual([
    {
      day: '2026-11-27',
      says: '100 %: up where it was measured, which was less than half of the day, measured for 20 % of the day',
    },
    { day: '2026-11-26', says: '50.00 %: trouble' },
  ]);
});

test('what is not public is said once for all the places that are not, each with its own label', () => {
  const place = (label: string, isPublic: boolean) =>
    ({ targetId: label, component: 'Extension', environment: 'Production', label, isPublic }) as StatusPlace;
  const drawn = (places: StatusPlace[]) =>
    renderToStaticMarkup(<PlaceChoice places={places} chosen={['Shop']} onChange={() => {}} error={undefined} />);
  const html = drawn([place('Open VSX', true), place('Gallery', false), place('Shop', false)]);
  expect(html.match(/Not public, so not named outside/g)).toHaveLength(1);
  expect(html).toMatch(/Extension \(Open VSX\) in Production.*Not public.*\(Gallery\).*\(Shop\)/);
  expect(html.match(/checked=""/g)).toHaveLength(1);
  expect(drawn([place('Open VSX', true)])).not.toContain('Not public');
});
