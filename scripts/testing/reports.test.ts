import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { playwrightCounts, sum } from './reports.mjs';

const spec = (title: string, status: string, errors: object[] = []) => ({
  file: 'a.spec.ts',
  line: 7,
  title,
  tests: [{ status, results: [{ errors }] }],
});

function report(specs: object[], expected: number): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'report-')), 'e2e.json');
  writeFileSync(file, JSON.stringify({ stats: { expected }, suites: [{ specs }] }));
  return file;
}

test('a failed browser test says which locator it was and on which line, without colours or the log of tries', () => {
  const message =
    "\u001b[31mError: expect(locator).toBeVisible() failed\u001b[39m\n\nLocator: getByText('Now')\nError: element(s) not found\n\nCall log:\n  - tried";
  const failed = spec('it shows', 'unexpected', [{ message, location: { line: 12 } }]);
  expect(playwrightCounts(report([failed, spec('fine', 'expected')], 1), 1)).toEqual({
    passed: 1,
    failed: 1,
    failures: [
      "a.spec.ts:7 › it shows: Error: expect(locator).toBeVisible() failed · Locator: getByText('Now') · Error: element(s) not found (line 12)",
    ],
    unsteady: [],
  });
});

test('a browser test that was not run has failed', () => {
  expect(playwrightCounts(report([spec('left out', 'skipped')], 0), 0)).toMatchObject({
    passed: 0,
    failures: ['a.spec.ts:7 › left out: it was not run'],
  });
});

test('one that passed on its second try is named with its first failure; three of them have failed', () => {
  const late = spec('second try', 'flaky', [{ message: 'late' }]);
  const named = 'a.spec.ts:7 › second try: late';
  expect(playwrightCounts(report([late, spec('fine', 'expected')], 1), 0)).toEqual({
    passed: 2,
    failed: 0,
    failures: [],
    unsteady: [named],
  });
  expect(playwrightCounts(report([late, late, late], 0), 0)).toMatchObject({
    passed: 0,
    failed: 3,
    failures: [named, named, named],
  });
});

test('two consoles are one stage: what either failed is said, and counts', () => {
  const one = { passed: 60, failed: 1, failures: ['a.spec.ts › it holds: it did not'] };
  expect(sum([one, { passed: 58, failed: 0 }])).toEqual({ ...one, passed: 118, unsteady: [] });
});
