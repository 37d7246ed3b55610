import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { requireAllowed } from './artifacts.mjs';
import { dropParts } from './uploads.mjs';

it('what a kill left of an upload goes at the next start, and nothing else', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'uploads-'));
  const [known, unknown] = ['a'.repeat(64), 'b'.repeat(64)];
  try {
    for (const name of [known, `${known}.json`, unknown, `${'c'.repeat(64)}.part`, 'commits'])
      writeFileSync(path.join(folder, name), '{}');
    dropParts(folder);
    expect(readdirSync(folder).sort()).toEqual([known, `${known}.json`, 'commits']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('the secret of a host is for its own port: another one is another service', () => {
  const config = { artifactHosts: [['builds.example.com', { headerFile: '/etc/secret' }]], loopbackArtifacts: false };
  const ask = (address: string) => requireAllowed(config, new URL(address));
  expect(ask('https://builds.example.com/a.tar.gz')).toEqual({ headerFile: '/etc/secret' });
  expect(ask('https://builds.example.com:443/a.tar.gz')).toEqual({ headerFile: '/etc/secret' });
  expect(() => ask('https://builds.example.com:8443/a.tar.gz')).toThrow('builds.example.com:8443');
});
