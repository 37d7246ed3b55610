import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runToEnd } from '@/scripts/bootstrap/run.mjs';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { Bench } from '../testing/bench';
import { MATRIX, madeFiles } from '../testing/matrix';

it('Python compiles the sample service and the entry that the function needs; every TOML file is one', {
  timeout: 300_000,
}, async () => {
  const python = await ensureTool('python3');
  const bench = new Bench();
  try {
    bench.copy('backend', 'backend');
    await bench.write(MATRIX['backend: Vercel, with an image too'] as never);
    const compiled = await bench.run(
      `find . -name '*.py' -print0 | xargs -0 "${python}" -m py_compile && find . -name '*.pyc' | wc -l`,
    );
    expect([compiled.status, Number(compiled.output)]).toEqual([0, expect.toSatisfy((count: number) => count >= 9)]);
    const entry = readFileSync(path.join(bench.repository, 'backend/api/index.py'), 'utf8');
    expect(entry).toContain('from service.main import api as app');
    const toml = (await madeFiles()).filter((file) => file.path.endsWith('.toml')).map(({ text }) => text);
    const parse =
      'import json, sys, tomllib; print(json.dumps([tomllib.loads(t)["build"]["publish"] for t in sys.argv[1:]]))';
    expect((await runToEnd(python, ['-c', parse, ...toml])).output).toBe('[".next", ".next"]\n');
  } finally {
    bench.remove();
  }
});
