import { withLabel } from '@/lib/targets/model/label';
import type { PublicIncident, PublicMaintenance, PublicWhere } from './public';
import { IMPACT_WORDS, INCIDENT_WORDS, MAINTENANCE_WORDS } from './words';

export interface FeedEntry {
  /** The same for as long as the entry lives, wherever it is served. */
  id: string;
  title: string;
  text: string;
  /** ISO 8601 in UTC. */
  at: string;
  changedAt: string;
  /** Where on the status page it stands, such as `#inc_…`. */
  anchor: string;
}

export interface FeedPlace {
  title: string;
  /** The status page, absolute. */
  page: string;
  /** The feed itself, absolute. */
  self: string;
}

const MOST = 50;

/** One entry for each thing that was said, so that a reader shows each update once; newest first. */
export function entriesOf(
  incidents: readonly PublicIncident[],
  maintenances: readonly PublicMaintenance[],
): FeedEntry[] {
  return [...incidents.flatMap(ofIncident), ...maintenances.map(ofMaintenance)]
    .sort((one, other) => other.at.localeCompare(one.at) || other.id.localeCompare(one.id))
    .slice(0, MOST);
}

function ofIncident({ id: incident, title, impact, places, release, updates }: PublicIncident): FeedEntry[] {
  const about = [IMPACT_WORDS[impact].label, namesOf(places)].filter(Boolean).join(': ');
  const live = release ? `\n\nReleased before it: ${nameOf(release)} ${release.version} at ${release.at}.` : '';
  return updates.map(({ id, state, text, at }) => ({
    ...{ id, at, changedAt: at, anchor: `#${incident}` },
    title: `${INCIDENT_WORDS[state].label}: ${title}`,
    text: `${text}\n\n${about}.${live}`,
  }));
}

function ofMaintenance({ id, title, text, state, from, to, places, plannedAt, changedAt }: PublicMaintenance) {
  const off = state === 'cancelled' ? `${MAINTENANCE_WORDS.cancelled.label}. ` : '';
  const about = namesOf(places);
  return {
    ...{ id, at: plannedAt, changedAt, anchor: `#${id}` },
    title: `Maintenance: ${title}`,
    text: `${off}${text}\n\nFrom ${from} to ${to}${about ? `: ${about}` : ''}.`,
  };
}

/** "Backend (eu) in Production". */
export function nameOf({ component, environment, label }: PublicWhere): string {
  return `${withLabel(component, label)} in ${environment}`;
}

export function namesOf(places: readonly PublicWhere[]): string {
  return places.map(nameOf).join(', ');
}

/**
 * RSS 2.0, with the link to itself that readers look for.
 * Source: https://www.rssboard.org/rss-specification, https://www.rssboard.org/rss-profile
 */
export function rssOf(entries: readonly FeedEntry[], { title, page, self }: FeedPlace): string {
  const newest = entries.reduce((last, { changedAt }) => (changedAt > last ? changedAt : last), '');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
    element('title', title),
    element('link', page),
    element('description', 'Incidents and maintenance.'),
    `<atom:link href="${escapeXml(self)}" rel="self" type="application/rss+xml"/>`,
    ...(newest ? [element('lastBuildDate', new Date(newest).toUTCString())] : []),
    ...entries.map((entry) => rssItem(entry, page)),
    '</channel></rss>',
    '',
  ].join('\n');
}

function rssItem({ id, title, text, at, anchor }: FeedEntry, page: string): string {
  return [
    '<item>',
    element('title', title),
    element('link', page + anchor),
    // A reader takes the description for HTML: what was written is text, so it is escaped once more.
    element('description', escapeXml(text).replaceAll('\n', '<br/>')),
    `<guid isPermaLink="false">${escapeXml(id)}</guid>`,
    element('pubDate', new Date(at).toUTCString()),
    '</item>',
  ].join('');
}

/** Source: https://www.jsonfeed.org/version/1.1/ */
export function jsonFeedOf(entries: readonly FeedEntry[], { title, page, self }: FeedPlace): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: page,
    feed_url: self,
    description: 'Incidents and maintenance.',
    items: entries.map(({ id, title: headline, text, at, changedAt, anchor }) => ({
      ...{ id, url: page + anchor, title: headline, content_text: text },
      ...{ date_published: at, date_modified: changedAt },
    })),
  });
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

/** What XML 1.0 has no way to write at all. Source: https://www.w3.org/TR/xml/#charsets */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are the ones that must not get through.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

export function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
