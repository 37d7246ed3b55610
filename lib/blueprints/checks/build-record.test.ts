import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILD_RECORD_SCRIPT } from '../model/build-record-script.generated';
import { readSeal } from '../model/seal';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

let bench: Bench;
beforeAll(() => {
  bench = new Bench();
});
afterAll(() => bench.remove());

it('ships the very script that this console builds itself with', () => {
  expect(BUILD_RECORD_SCRIPT).toBe(readFileSync('scripts/build-record.mjs', 'utf8'));
});

describe('the build of a dashboard for a server of its own', () => {
  const build = (rendering: string, wrote: string) => async () => {
    const files = await bench.write(MATRIX['dashboard: own server'] as never);
    bench.stub('npm', `rm -rf .next out && mkdir -p .next/static out .next/standalone/.next public && ${wrote}`);
    const env = {
      AETHERSTACK_RENDERING: rendering,
      AETHERSTACK_MARKER: 'dep_1',
      AETHERSTACK_BAKED_SALT: 'acme/stack/dashboard',
    };
    const built = await bench.run(stepOf(files, 'Build'), env, 'dashboard');
    if (built.status !== 0) return built.output;
    await bench.run(stepOf(files, 'Pack'), env, 'dashboard');
    return (await bench.run('tar --list --file build.tar.gz | sort', {}, 'dashboard')).output;
  };
  const RECORDED = 'touch .next/BUILD_ID';

  it('packs the server with its public files and its record, once each', async () => {
    const listed = await build(
      'ssr',
      `${RECORDED} && touch .next/standalone/server.js public/robots.txt .next/static/a.js`,
    )();
    expect(listed).toContain('./server.js');
    expect(listed).toContain('./.next/static/a.js');
    expect(listed).toContain('./public/robots.txt');
    expect(listed).toContain('./public/.well-known/aetherstack.json');
    expect(listed).not.toContain('public/public');
    const record = path.join(bench.repository, 'dashboard/.next/standalone/public/.well-known/aetherstack.json');
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ mode: 'ssr', marker: 'dep_1' });
  });

  it('packs the files with their record when files are asked for', async () => {
    const detail = `echo '{"success":true,"outDirectory":"'"$PWD/out"'"}' > .next/export-detail.json`;
    const listed = await build('ssg', `${RECORDED} && ${detail} && touch out/index.html`)();
    expect(listed).toContain('./index.html');
    expect(listed).toContain('./.well-known/aetherstack.json');
    expect(listed).not.toContain('server.js');
  });

  it('fails when the application built the other one', async () => {
    const said = await build('ssg', `${RECORDED} && touch .next/standalone/server.js`)();
    expect(said).toContain("::error::The build wrote no out/index.html. Let next.config set output: 'export'");
  });
});

it('the record on Vercel tells the public values that only the build there was given', async () => {
  const files = await bench.write(MATRIX['dashboard: Vercel'] as never);
  const pull = `mkdir -p .vercel && echo 'NEXT_PUBLIC_API_URL="https://api.example"' > ".vercel/.env.\${target}.local"`;
  const build = 'rm -rf .next && mkdir -p .next .vercel/output/static && touch .next/BUILD_ID';
  bench.stub(
    'npx',
    `for word in "$@"; do case "$word" in --environment=*) target="\${word#*=}"; ${pull} ;; build) ${build} ;; esac; done`,
  );
  const env = { ENVIRONMENT: 'production', AETHERSTACK_BAKED_SALT: 'acme/stack/dashboard' };
  const ran = await bench.run(stepOf(files, 'Build and deploy'), env, 'dashboard');
  expect(ran.status, ran.output).toBe(0);
  const record = path.join(bench.repository, 'dashboard/.vercel/output/static/.well-known/aetherstack.json');
  const { baked } = JSON.parse(readFileSync(record, 'utf8'));
  expect(baked).toEqual([{ name: 'NEXT_PUBLIC_API_URL', hash: expect.any(String) }]);
});

it('a script keeps its first line, and says in comments of its own what made it', async () => {
  const files = await bench.write(MATRIX['dashboard: Vercel'] as never);
  const made = files.find(({ blueprint }) => blueprint === 'build-record');
  expect(made?.path).toBe('dashboard/scripts/build-record.mjs');
  const [first, second, third] = made?.text.split('\n') ?? [];
  expect(first).toBe('#!/usr/bin/env node');
  expect(second).toMatch(/^\/\/ Made by AetherStack \(build-record 3\) for dashboard\./);
  expect(third).toMatch(/^\/\/ aetherstack-digest: [0-9a-f]{64}$/);
  expect(await readSeal(made?.text ?? '')).toMatchObject({ said: made?.digest, is: made?.digest, of: 'dashboard' });
});
