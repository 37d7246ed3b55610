import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright';
import type { PublicStatus } from '@/lib/public-status/model/status';
import { type DayUptime, UPTIME_DAYS } from '@/lib/status/model/uptime';
import { serveFiles } from '../e2e/file-server';
import { ensureBrowser } from '../scripts/testing/browser.mjs';

const FOLDER = path.resolve(process.env['AETHERSTACK_OUT_DIR'] ?? 'out');
const RUNS = 5;
const SLOWER = 4;
/**
 * JavaScript and the largest paint beside the landing page of the same export; time beside the same page with nothing to
 * tell; all in the same run. A shift is no time: 0.1 and less counts as good (https://web.dev/articles/cls).
 */
const MOST = { javascript: 1.5, content: 2, paint: 2.5 } as const;
const MOST_SHIFT = 0.1;

interface Seen {
  /** Of all scripts that the page fetched, as a server would compress them. */
  javascript: number;
  /** From the request on until what matters stands there, in milliseconds. */
  content: number;
  /** Of the largest text or picture above the fold, in milliseconds from the navigation on. */
  paint: number;
  /** How much of the page moved by itself, as the browser reckons it. */
  shift: number;
  /** Everything that it fetched, as it was sent. */
  bytes: number;
}

/** What the browser itself observes, as Lighthouse would read it. */
function observe(): void {
  const seen = { paint: 0, shift: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.paint = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { value: number }[]) seen.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
}

const AT = new Date().toISOString();
const places = Array.from({ length: 20 }, (_, at) => ({
  ...{ component: `Component ${at}`, environment: at % 2 ? 'Staging' : 'Production', label: '' },
  ...{ version: 'v1.2.0', sha: 'abcdef0', since: AT, state: 'live' as const, impact: null, maintained: false },
  uptime: {
    from: AT.slice(0, 10),
    days: Array.from({ length: UPTIME_DAYS }, (__, day): DayUptime => (day % 9 === 0 ? null : [day % 7 ? 1 : 0.98, 1])),
    ...{ share: 0.997, measuredDays: 80 },
  },
}));
const incidents = Array.from({ length: 10 }, (_, at) => ({
  ...{ id: `inc_${at}`, title: `Incident ${at}`, impact: 'minor' as const, state: 'resolved' as const },
  ...{ startedAt: AT, resolvedAt: AT, places: places.slice(0, 2), release: null },
  updates: Array.from({ length: 4 }, (__, one) => ({
    ...{ id: `upd_${at}${one}`, state: 'identified' as const, text: 'What people should know. '.repeat(8), at: AT },
  })),
}));
const STATUS: PublicStatus = {
  ...{ schema: 1, at: AT, places, releases: [], incidents, maintenances: [], links: null },
};

const executablePath = await ensureBrowser({ root: process.cwd(), log: (line: string) => console.log(line) });
const site = await serveFiles(FOLDER, '');
const browser = await chromium.launch({ executablePath });
try {
  site.say({ ...STATUS, places: [], incidents: [] });
  const empty = await middle(browser, '/status/', (page) => page.getByText('Nothing is public yet').waitFor());
  site.say(STATUS);
  const landing = await middle(browser, '/', (page) => page.getByRole('heading', { level: 1 }).waitFor());
  const status = await middle(browser, '/status/', (page) => page.getByText('Component 19').first().waitFor());
  report({ landing, empty, status });
} finally {
  await browser.close();
  await site.close();
}

/** The middle of several runs, each in a browser that has kept nothing. */
async function middle(open: Browser, address: string, ready: (page: Page) => Promise<void>): Promise<Seen> {
  const seen: Seen[] = [];
  for (let run = 0; run < RUNS; run++) seen.push(await once(open, address, ready));
  const ofAll = (name: keyof Seen) => seen.map((each) => each[name]).sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  return {
    ...{ javascript: ofAll('javascript'), bytes: ofAll('bytes'), content: ofAll('content') },
    ...{ paint: ofAll('paint'), shift: Math.max(...seen.map(({ shift }) => shift)) },
  };
}

async function once(open: Browser, address: string, ready: (page: Page) => Promise<void>): Promise<Seen> {
  const context = await open.newContext();
  const page = await context.newPage();
  await page.addInitScript(observe);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const scripts = new Set<string>();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith('.js')) scripts.add(pathname);
  });
  let bytes = 0;
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  const began = performance.now();
  await page.goto(site.url + address, { waitUntil: 'commit' });
  await ready(page);
  const content = performance.now() - began;
  await page.waitForLoadState('networkidle');
  const { paint, shift } = await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
  await context.close();
  const sizes = [...scripts].map((name) => gzipSync(readFileSync(path.join(FOLDER, decodeURI(name)))).byteLength);
  return { javascript: sizes.reduce((sum, size) => sum + size, 0), content, paint, shift, bytes };
}

function report({ landing, empty, status }: { landing: Seen; empty: Seen; status: Seen }): void {
  const kilobytes = (size: number) => `${(size / 1_024).toFixed(1)} KB`;
  const ms = (time: number) => `${Math.round(time)} ms`;
  const ratios = {
    javascript: status.javascript / landing.javascript,
    content: status.content / empty.content,
    paint: status.paint / landing.paint,
  };
  const most = (name: keyof typeof MOST) => `${ratios[name].toFixed(2)} times (at most ${MOST[name]})`;
  const beside = (name: 'javascript' | 'bytes', text = kilobytes) =>
    `${text(status[name])}, landing page ${text(landing[name])}`;
  console.log(`JavaScript: ${beside('javascript')}, ${most('javascript')}`);
  console.log(`everything as it was sent: ${beside('bytes')}`);
  const times = `${ms(status.content)}, with nothing to tell ${ms(empty.content)}`;
  console.log(`time to content: ${times}, ${most('content')}; landing page ${ms(landing.content)}`);
  console.log(`largest paint: ${ms(status.paint)}, landing page ${ms(landing.paint)}, ${most('paint')}`);
  console.log(`shift: ${status.shift.toFixed(3)} (at most ${MOST_SHIFT}), landing page ${landing.shift.toFixed(3)}`);
  console.log(`load of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors`);
  const beyond = Object.keys(MOST).filter(
    (name) => ratios[name as keyof typeof MOST] > MOST[name as keyof typeof MOST],
  );
  if (status.shift > MOST_SHIFT) beyond.push('shift');
  if (beyond.length === 0) return;
  console.error(`The status page is heavier than it may be: ${beyond.join(', ')}.`);
  process.exitCode = 1;
}
