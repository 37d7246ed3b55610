import { describe, expect, it } from 'vitest';
import { dockerfileProblems } from '../testing/checkers';
import { madeFiles } from '../testing/matrix';

describe('the Dockerfile', () => {
  it('has nothing that a builder would refuse or warn of, for every package manager', async () => {
    const files = (await madeFiles()).filter(({ path }) => path.endsWith('Dockerfile'));
    expect(dockerfileProblems(files)).toEqual([]);
    expect(files.length).toBeGreaterThan(3);
    expect(dockerfileProblems([{ path: 'Dockerfile', text: 'FORM scratch\n' }])).not.toEqual([]);
  });

  it('ends as a user that is not root, in a second stage, with a health check and the commit', async () => {
    for (const { path, text } of (await madeFiles()).filter((file) => file.path.endsWith('Dockerfile'))) {
      const last = text.slice(text.lastIndexOf('\nFROM '));
      expect([path, text.startsWith('# syntax=docker/dockerfile:1\n')]).toEqual([path, true]);
      expect(text.match(/^FROM /gm)).toHaveLength(2);
      expect(last).toMatch(/^USER 10001$/m);
      expect(last).toMatch(/^HEALTHCHECK /m);
      expect(last).toContain('org.opencontainers.image.revision="${REVISION}"');
      expect(last).not.toMatch(/pip|poetry|uv sync/);
    }
  });
});
