import fc from 'fast-check';
import sax from 'sax';
import { describe, expect, test } from 'vitest';
import { entriesOf, jsonFeedOf, rssOf } from './feed';
import type { PublicIncident, PublicMaintenance } from './public';

const PLACE = { title: 'Status', page: 'https://a.dev/status?a=1&b="2"', self: 'https://a.dev/status.rss' };
const AT = '2026-11-27T10:00:00.000Z';
const LATER = '2026-11-27T11:00:00.000Z';
const where = { component: 'Api', environment: 'Production', label: 'eu' };
const incident: PublicIncident = {
  ...{ id: 'inc_1', title: 'Slow answers', impact: 'minor', state: 'resolved', startedAt: AT, resolvedAt: LATER },
  places: [where],
  release: { ...where, version: 'v1.2.0', sha: 'abcdef0', at: AT },
  updates: [
    { id: 'upd_2', state: 'resolved', text: 'Over.', at: LATER },
    { id: 'upd_1', state: 'investigating', text: 'We look.', at: AT },
  ],
};
const maintenance: PublicMaintenance = {
  ...{ id: 'mnt_1', title: 'Database', text: 'A new disk.', state: 'scheduled', from: LATER, to: LATER },
  ...{ places: [], plannedAt: AT, changedAt: LATER },
};

interface Read {
  name: string;
  text: string;
}

/** What a strict reader of XML takes out of it: each element with its text. Throws for what is not well-formed. */
function parsed(xml: string): Read[] {
  const parser = sax.parser(true);
  const open: Read[] = [];
  const all: Read[] = [];
  parser.onerror = (error) => {
    throw error;
  };
  parser.onopentag = ({ name }) => {
    const each = { name, text: '' };
    open.push(each);
    all.push(each);
  };
  parser.ontext = (text) => {
    const last = open.at(-1);
    if (last) last.text += text;
  };
  parser.onclosetag = () => void open.pop();
  parser.write(xml).close();
  return all;
}

const texts = (xml: string, name: string) => parsed(xml).flatMap((each) => (each.name === name ? [each.text] : []));

describe('the feeds', () => {
  test('tell each update once, newest first, under ids that stay', () => {
    const entries = entriesOf([incident], [maintenance]);
    expect(entries.map(({ id }) => id)).toEqual(['upd_2', 'upd_1', 'mnt_1']);
    const later = { ...incident, title: 'Slow answers in Europe', impact: 'major' as const };
    expect(entriesOf([later], [maintenance]).map(({ id }) => id)).toEqual(entries.map(({ id }) => id));
    const xml = rssOf(entries, PLACE);
    expect(texts(xml, 'guid')).toEqual(['upd_2', 'upd_1', 'mnt_1']);
    expect(texts(xml, 'title')).toEqual([
      'Status',
      'Resolved: Slow answers',
      'Investigating: Slow answers',
      'Maintenance: Database',
    ]);
    expect(texts(xml, 'pubDate')[0]).toBe('Fri, 27 Nov 2026 11:00:00 GMT');
    expect(texts(xml, 'description')[1]).toContain('Released before it: Api (eu) in Production v1.2.0');
    const feed = JSON.parse(jsonFeedOf(entries, PLACE));
    expect(feed.items[0]).toMatchObject({ id: 'upd_2', url: `${PLACE.page}#inc_1`, date_published: LATER });
    expect([feed.version, feed.items[2].date_modified]).toEqual(['https://jsonfeed.org/version/1.1', LATER]);
  });

  test('are the same bytes for the same news, so that an ETag holds', () => {
    const once = () => rssOf(entriesOf([incident], [maintenance]), PLACE);
    expect(once()).toBe(once());
    expect(rssOf([], PLACE)).not.toContain('lastBuildDate');
  });

  test('whatever was written stays text, in well-formed XML and for a reader that takes it for HTML', () => {
    const nasty = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(']]>', '<script>', '&amp;', '\u0000\ud800'));
    fc.assert(
      fc.property(nasty, nasty, (title, text) => {
        const one = { ...incident, title, updates: [{ id: 'upd_1', state: 'resolved' as const, text, at: AT }] };
        const xml = rssOf(entriesOf([one], []), PLACE);
        const [, description = ''] = texts(xml, 'description');
        expect(description.replaceAll('<br/>', '')).not.toMatch(/[<>]/);
        expect(texts(xml, 'item')).toHaveLength(1);
        expect(JSON.parse(jsonFeedOf(entriesOf([one], []), PLACE)).items[0].title).toBe(`Resolved: ${title}`);
      }),
      { numRuns: 200 },
    );
  });
});
