import { expect, it } from 'vitest';
import { scriptsOf, shellcheck } from '../testing/checkers';
import { madeFiles, workflowsOf } from '../testing/matrix';

it('shellcheck finds nothing in any script, and no script contains an expression', { timeout: 300_000 }, async () => {
  const scripts = scriptsOf(workflowsOf(await madeFiles()));
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  expect(scripts.length).toBeGreaterThan(25);
  const found = await shellcheck([...scripts, 'rm $nothing']);
  const others = found.filter(({ at }) => at !== scripts.length);
  expect(others.map(({ says }) => says)).toEqual([]);
  expect(found.length).toBeGreaterThan(others.length);
});
