import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase } from '@/lib/db/testing/context';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { readMetrics } from '../server';

const RULES = 'docs/monitoring/alerts.yml';
const DASHBOARD = 'docs/monitoring/grafana-dashboard.json';

let database: Database;
let metrics: string;
beforeAll(async () => {
  database = await openTestDatabase({ max: 1 });
  metrics = await readMetrics(database.db);
});
afterAll(() => database.close());

const run = promisify(execFile);

test('promtool knows every metric and every rule', { timeout: 60_000 }, async () => {
  const promtool = await ensureTool('promtool', 'prometheus');
  const checked = run(promtool, ['check', 'metrics']);
  checked.child.stdin?.end(metrics);
  expect(await checked).toEqual({ stdout: '', stderr: '' });
  const { groups } = load(readFileSync(RULES, 'utf8')) as { groups: { rules: unknown[] }[] };
  expect((await run(promtool, ['check', 'rules', RULES])).stdout).toContain(`${groups[0]?.rules.length} rules found`);
});

test.each([RULES, DASHBOARD])('%s asks only for metrics that there are', (file) => {
  const known = new Set([...metrics.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
  const asked = [...readFileSync(file, 'utf8').matchAll(/\baetherstack_\w+/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

test('the dashboard has panels side by side that do not overlap', () => {
  const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: { gridPos: Record<string, number> }[] };
  const places = panels.map(({ gridPos }) => `${gridPos['x']},${gridPos['y']}`);
  expect(new Set(places).size).toBe(panels.length);
});
