import { describe, expect, test } from 'vitest';
import { fingerprintOf, firstErrorLine, normalise } from './fingerprint';

describe('the line that says what is wrong', () => {
  test.each<[string, string, { line: string; exitCode: number | null } | null]>([
    [
      'the runner’s last word is the exit code, not the error',
      '2026-11-27T10:00:00.1234567Z npm run build\n2026-11-27T10:00:01.0000000Z \u001b[31mError: Cannot find module "x"\u001b[0m\n##[error]Process completed with exit code 1.',
      { line: 'Error: Cannot find module "x"', exitCode: 1 },
    ],
    [
      'what the runner marked goes before what only looks like it',
      'error: later\n::error file=a.py,line=3::Undefined name `y`\n##[error]Process completed with exit code 2.',
      { line: 'Undefined name `y`', exitCode: 2 },
    ],
    [
      'a trace is told by its end',
      'Traceback (most recent call last):\n  File "a.py", line 1\nModuleNotFoundError: No module named "y"\n',
      { line: 'ModuleNotFoundError: No module named "y"', exitCode: null },
    ],
    [
      'where nothing looks like an error, what stood before the end',
      'Deploying\nquota of the region is used up\n##[error]Process completed with exit code 137.',
      { line: 'quota of the region is used up', exitCode: 137 },
    ],
    [
      'a test runner says FAIL',
      'ok a\nFAIL src/x.test.ts > adds\n--- more\n',
      { line: 'FAIL src/x.test.ts > adds', exitCode: null },
    ],
    [
      'what a step said that went well is not asked while the one that failed says something',
      "##[group]Run pip install .\n##[endgroup]\nERROR: pip's resolver does not look at all packages\n##[group]Run pytest\nshell: bash\n##[endgroup]\nFAILED tests/a.py::test_x\n##[error]Process completed with exit code 1.\nPost job",
      { line: 'FAILED tests/a.py::test_x', exitCode: 1 },
    ],
    [
      'nor while it printed anything at all',
      '##[group]Run a\n##[endgroup]\nError: one\n##[group]Run b\n##[endgroup]\ncould not reach it\n##[error]Process completed with exit code 3.',
      { line: 'could not reach it', exitCode: 3 },
    ],
    [
      'a step that is silent is told by the others',
      '##[group]Run a\n##[endgroup]\nError: one\n##[group]Run b\n##[endgroup]\n##[error]Process completed with exit code 3.',
      { line: 'Error: one', exitCode: 3 },
    ],
    [
      'what a tool marked as an error comes before what the step merely printed',
      '##[group]Run lint\n##[endgroup]\n3 warnings\n##[error]Process completed with exit code 1.\n##[group]Run build\n##[endgroup]\n##[error]src/a.ts(1,2): error TS2304\n##[error]Process completed with exit code 2.',
      { line: 'src/a.ts(1,2): error TS2304', exitCode: 2 },
    ],
    [
      'a step that may fail is not the cause, though it says so at the head of a line',
      '##[group]Run npm audit\n##[endgroup]\nerror: 3 vulnerabilities found\n##[error]Process completed with exit code 1.\n##[group]Run build\n##[endgroup]\n##[error]src/a.ts(1,2): error TS2304\n##[error]Process completed with exit code 2.',
      { line: 'src/a.ts(1,2): error TS2304', exitCode: 2 },
    ],
    [
      'nor where the step that ended the job marks nothing',
      '##[group]Run npm audit\n##[endgroup]\nfound 3 vulnerabilities\n##[error]Process completed with exit code 1.\n##[group]Run pytest\n##[endgroup]\nFAILED tests/test_a.py::test_x\n##[error]Process completed with exit code 2.',
      { line: 'FAILED tests/test_a.py::test_x', exitCode: 2 },
    ],
    [
      'nor where it marked something, and the step that ended the job merely printed',
      '##[group]Run lint\n##[endgroup]\n##[error]src/a.ts(9,1): unused\n##[error]Process completed with exit code 1.\n##[group]Run deploy\n##[endgroup]\nquota of the region is used up\n##[error]Process completed with exit code 3.\nPost job cleanup.',
      { line: 'quota of the region is used up', exitCode: 3 },
    ],
    ['a log that went well has none', 'all good\ndone\n', null],
  ])('%s', (_, log, found) => {
    expect(firstErrorLine(log)).toEqual(found);
  });
});

describe('alike', () => {
  test.each([
    ['Error: 3 of 120 tests failed in 12.4 s at 10:04:01', 'error: 17 of 121 tests failed in 9 s at 23:59:59'],
    ['fatal: reference is not a tree: 9f8e7d6c5b4a39281706', 'fatal: reference is not a tree: 0a1b2c3d4e5f6a7b8c9d'],
    ['ENOENT: no such file, open /srv/ci/app/dist/index.js', 'ENOENT: no such file, open /opt/other/dist/main.js'],
    [
      'request 3fa85f64-5717-4562-b3fc-2c963f66afa6 to https://a.example/x?y=1 failed',
      'request 7c9e6679-7425-40de-944b-e07fc1f90ae7 to https://b.example/z failed',
    ],
  ])('%s', (one, other) => {
    expect(normalise(one)).toBe(normalise(other));
  });

  test('words, step and exit code tell failures apart', () => {
    const of = (line: string, step: string | null = 'Build', exitCode: number | null = 1) =>
      fingerprintOf({ line, step, exitCode }).key;
    expect(of('Cannot find module x')).not.toBe(of('Cannot find module y'));
    expect(of('Boom')).not.toBe(of('Boom', 'Test'));
    expect(of('Boom')).not.toBe(of('Boom', 'Build', 137));
    expect(of('Boom 1', 'Build 2')).toBe(of('Boom 9', 'Build 3'));
  });

  test('a whole file in one line costs no more than a line', () => {
    const began = performance.now();
    firstErrorLine(`error: ${'/a1'.repeat(130_000)}`);
    normalise('a/'.repeat(200_000));
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
