// Gives each page of an export its content policy: `tsx scripts/static-site/seal-pages.ts FOLDER [STATUS_URL]`
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filePolicy, inlineScriptsOf } from '../../lib/headers/content-policy';

// A browser looks for the charset in the first kilobyte, so the policy comes right behind it.
const CHARSET = '<meta charSet="utf-8"/>';

/** @throws {Error} for a page without a place for the policy: it would go out without one */
export function sealPage(html: string, connect: readonly string[]): string {
  if (!html.includes(`<head>${CHARSET}`)) throw new Error('does not begin its head with the charset');
  const policy = filePolicy(inlineScriptsOf(html), connect).replaceAll('"', '&quot;');
  return html.replace(CHARSET, () => `${CHARSET}<meta http-equiv="Content-Security-Policy" content="${policy}"/>`);
}

function sealAll(folder: string, statusUrl: string): void {
  const connect = URL.canParse(statusUrl) ? [new URL(statusUrl).origin] : [];
  for (const name of globSync('**/*.html', { cwd: folder })) {
    const file = path.join(folder, name);
    try {
      writeFileSync(file, sealPage(readFileSync(file, 'utf8'), connect));
    } catch (error) {
      throw new Error(`${name} ${(error as Error).message}`);
    }
  }
}

const [folder, statusUrl = ''] = process.argv.slice(2);
if (folder && process.argv[1] && path.basename(process.argv[1]) === 'seal-pages.ts') sealAll(folder, statusUrl);
