import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Bench } from '../testing/bench';
import { compiledPython } from '../testing/builders';
import { parsedToml } from '../testing/checkers';
import { MATRIX, madeFiles } from '../testing/matrix';

it('Python compiles the sample service and the entry that the function needs; every TOML file is one', {
  timeout: 300_000,
}, async () => {
  const bench = new Bench();
  try {
    bench.copy('backend', 'backend');
    await bench.write(MATRIX['backend: Vercel, with an image too'] as never);
    expect(await compiledPython(bench)).toBeGreaterThanOrEqual(9);
    const entry = readFileSync(path.join(bench.repository, 'backend/api/index.py'), 'utf8');
    expect(entry).toContain('from service.main import api as app');
    const published = { build: { publish: '.next' } };
    expect(await parsedToml(await madeFiles())).toMatchObject([published, published]);
  } finally {
    bench.remove();
  }
});
