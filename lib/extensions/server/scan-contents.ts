import { setImmediate as breathe } from 'node:timers/promises';
import { PACKAGE_LIMITS } from '../model/limits';
import type { Finding } from '../model/package';
import { scanFile } from './file-scan';
import { readContent } from './zip-content';
import type { PlacedEntry } from './zip-layout';
import type { ZipSource } from './zip-source';

/** After so many bytes everybody else has a turn. */
const BREATHE_AFTER = 512 * 1_024;
/** What a page shows as it is written has to be text; a script in it is said, though it is never run here. */
const PAGES = /^extension\/(?:readme|changelog|license)(?:\.(?:md|txt))?$/i;
const ACTIVE =
  /<\s*(?:script|iframe|object|embed)\b|\bon(?:error|load|click)\s*=|(?:javascript|vbscript)\s*:|data:text\/html/i;

/**
 * Unpacks every file once, in memory and in pieces, and looks through it; `entries` are what package.json starts. Throws `Malformed` for what is not what it says,
 * and any other error when the time is over.
 */
export async function scanContents(
  source: ZipSource,
  files: readonly PlacedEntry[],
  { until, entries }: { until: number; entries: ReadonlySet<string> },
): Promise<Finding[]> {
  const found: Finding[] = [];
  let since = 0;
  for (const entry of files) {
    const scan = scanFile(entry.path, entries.has(entry.path));
    const pieces: Buffer[] | null = PAGES.test(entry.path) && entry.size <= PACKAGE_LIMITS.readme ? [] : null;
    for await (const piece of readContent(source, entry)) {
      scan.take(piece);
      pieces?.push(piece);
      since += piece.byteLength + 1_024;
      if (since < BREATHE_AFTER) continue;
      since = 0;
      if (performance.now() > until) throw new Error('the inspection of a package took too long');
      await breathe();
    }
    found.push(...scan.findings());
    if (pieces && ACTIVE.test(Buffer.concat(pieces).toString('utf8')))
      found.push({
        code: 'active_page',
        sentence: 'This page carries HTML or an address that would run something. It is shown as text.',
        path: entry.path,
        level: 'warn',
      });
  }
  return found;
}
