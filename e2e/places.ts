import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { consolePages, pagesOfThings } from './console-pages';
import { OWN } from './consoles';
import { ADMIN } from './session';

/** Beside the pages of the console: what everybody may read, and one with a query. */
const PAGES = [
  '/health/dora?metric=lead_time',
  '/sign-in',
  '/',
  '/status',
  '/status/releases',
  '/docs',
  '/status.json',
];
const READS = [
  'now',
  'matrix',
  'deployments',
  'connections',
  'audit',
  'audit/status',
  'members',
  'me',
  'estate',
  'holds',
  ...['health', 'dora', 'dora/rows?metric=rework_rate', 'doctor', 'rendering', 'releases'],
  ...['extensions/packages', 'extensions/publications', 'extensions/credentials'],
  ...['gallery/extensions', 'gallery/namespaces', 'status-page', 'incidents', 'maintenances'],
];
const MORE = [
  'subscriptions',
  'freezes',
  'locks',
  'openapi.json',
  'audit/export?format=json',
  'audit/export?format=csv',
];

/** What this installation was started with, and who this browser is. */
export async function secretsOfInstallation(page: Page): Promise<string[]> {
  const read = (file: string) =>
    JSON.parse(readFileSync(path.join(OWN.dataDir, file), 'utf8')) as Record<string, string>;
  const keys = Object.values(read('keys.json'));
  const password = String(read('postgres.json')['password']);
  const given = process.env['NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'];
  const actions = given || readFileSync(path.join('.cache', 'server-actions.key'), 'utf8').trim();
  expect(Math.min(password.length, actions.length)).toBeGreaterThan(20);
  const session = (await page.context().cookies()).filter(({ name }) => name.includes('session'));
  expect(keys.length).toBeGreaterThanOrEqual(4);
  expect(session.length).toBeGreaterThanOrEqual(1);
  return [...keys, password, actions, ADMIN.password, ...session.map(({ value }) => value)];
}

/** Everything that a browser is given: pages, their payloads, data, scripts, the live stream, what it keeps; and the logs. */
export async function readPlaces(page: Page, own: readonly string[]): Promise<Record<string, string>> {
  const places: Record<string, string> = {};
  const read = async (name: string, address: string, headers: Record<string, string> = {}) => {
    places[name] = await (await page.request.get(address, { headers, maxRedirects: 0 })).text();
  };
  const pages = new Set([...PAGES, ...(await consolePages(page)), ...(await pagesOfThings(page)), ...own]);
  for (const address of pages) {
    await read(`HTML of ${address}`, address);
    await read(`payload of ${address}`, address, { rsc: '1' });
  }
  for (const address of [...READS, ...MORE]) await read(`data of ${address}`, `/api/v1/${address}`);
  await read('an error', '/api/v1/connections/con_none');
  for (const address of await scriptsOf(page)) await read(`script ${address}`, address);
  Object.assign(places, await keptBy(page));
  const logs = path.join(OWN.dataDir, 'logs');
  for (const file of readdirSync(logs)) places[`log ${file}`] = readFileSync(path.join(logs, file), 'utf8');
  return places;
}

function scriptsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
    return [...new Set(loaded.filter((name) => /\/_next\/static\/.*\.js/.test(name)))];
  });
}

/** What the page holds and keeps, and two seconds of the live stream. */
function keptBy(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const leave = new AbortController();
    setTimeout(() => leave.abort(), 2_000);
    let said = '';
    try {
      const answer = await fetch('/api/events', { signal: leave.signal });
      const reading = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reading?.read(); part && !part.done; part = await reading?.read()) said += part.value;
    } catch {
      // It was left.
    }
    const databases = (await indexedDB.databases()).map(({ name }) => name).join();
    const caches = (await window.caches.keys()).join();
    return {
      'the live stream': said,
      'what the browser keeps': JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        databases,
        caches,
      ]),
      'the page itself': document.documentElement.outerHTML,
    };
  });
}
