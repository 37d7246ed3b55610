import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

it('mkdocs builds the site, and a broken link fails the build', { timeout: 300_000 }, async () => {
  await ensureTool('mkdocs');
  const bench = new Bench();
  try {
    bench.copy('docs/docs', 'docs/docs');
    const script = stepOf(await bench.write(MATRIX['docs: one site'] as never), 'Build');
    const good = await bench.run(script);
    expect([good.status, good.output]).toEqual([0, expect.stringContaining('Documentation built')]);
    expect(readFileSync(path.join(bench.folder, 'site/index.html'), 'utf8')).toContain('Acme Docs');
    expect(existsSync(path.join(bench.folder, 'site/search/search_index.json'))).toBe(true);
    const bad = await bench.run(`echo '[gone](gone.md)' >> docs/docs/index.md\n${script}`);
    expect(bad).toMatchObject({ status: 1, output: expect.stringContaining('gone.md') });
  } finally {
    bench.remove();
  }
});
