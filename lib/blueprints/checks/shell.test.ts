import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readWorkflow } from '@/lib/providers/github/workflow-file';
import { runToEnd } from '@/scripts/bootstrap/run.mjs';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { madeFiles, workflowsOf } from '../testing/matrix';

it('shellcheck finds nothing in any script, and no script contains an expression', { timeout: 300_000 }, async () => {
  const shellcheck = await ensureTool('shellcheck');
  const runs = workflowsOf(await madeFiles()).flatMap(({ text, path: file }) => readWorkflow(text, file).steps);
  const scripts = [...new Set(runs.map(({ run }) => run).filter(Boolean))];
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  expect(scripts.length).toBeGreaterThan(25);
  const folder = mkdtempSync(path.join(tmpdir(), 'blueprints-shell-'));
  try {
    // As the runner starts them: `shell: bash` is bash -eo pipefail.
    const named = [...scripts, 'rm $nothing'].map((script, index) => [`${String(index).padStart(3, '0')}.sh`, script]);
    for (const [name = '', script = ''] of named) {
      writeFileSync(path.join(folder, name), `#!/usr/bin/env bash\nset -eo pipefail\n${script}\n`);
    }
    const args = ['--format=json', '--severity=style', ...named.map(([name = '']) => name)];
    const { output } = await runToEnd(shellcheck, args, { cwd: folder });
    const found: { file: string; line: number; message: string }[] = JSON.parse(output);
    const planted = named.at(-1)?.[0];
    const others = found.filter(({ file }) => file !== planted);
    expect(
      others.map(
        ({ file, line, message }) =>
          `${message} — ${named.find(([name]) => name === file)?.[1]?.split('\n')[line - 3]}`,
      ),
    ).toEqual([]);
    expect(found.length).toBeGreaterThan(others.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
