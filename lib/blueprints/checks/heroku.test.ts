import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

const IMAGE = `ghcr.io/acme/backend@sha256:${'a'.repeat(64)}`;
let bench: Bench;
beforeAll(() => {
  bench = new Bench();
});
afterAll(() => bench.remove());

/** Docker and Heroku are stubs that write down what they get; `status` is how the release ends. */
async function released(label: string, status: string) {
  const seen = path.join(bench.folder, 'seen');
  rmSync(seen, { force: true });
  bench.stub(
    'docker',
    `if [ "$1" != buildx ]; then cat > /dev/null; exit 0; fi
echo "docker $*" >> "${seen}"; cat >> "${seen}"
while [ "$1" != --metadata-file ]; do shift; done
printf '{"containerimage.config.digest": "sha256:of-%s"}' "$(basename "$2" .json)" > "$2"`,
  );
  bench.stub(
    'curl',
    `echo "curl $*" >> "${seen}"
case "$*" in *formation*) cat updates.json >> "${seen}" ;; *) echo '[{"status": "${status}"}]' ;; esac`,
  );
  const files = await bench.write(MATRIX[label] as never);
  const done = await bench.run(stepOf(files, 'Roll out'), { APP: 'acme', IMAGE_REF: IMAGE, HEROKU_API_KEY: 'hidden' });
  return { ...done, seen: existsSync(seen) ? readFileSync(seen, 'utf8') : '' };
}

describe('a release on Heroku', () => {
  it('has an image that runs the migration first, in the schema that its registry takes', async () => {
    const { status, seen } = await released('backend: GHCR to Heroku', 'succeeded');
    expect(status).toBe(0);
    const builds = seen.split('\n').filter((line) => line.startsWith('docker buildx build'));
    expect(builds.map((line) => /registry\.heroku\.com\/acme\/(\w+)/.exec(line)?.[1])).toEqual(['web', 'release']);
    for (const line of builds) expect(line).toMatch(/--provenance=false --sbom=false .*oci-mediatypes=false/);
    expect(seen).toContain(`FROM ${IMAGE}\nCMD ["sh", "-c", "exec python -m app.migrate"]\n`);
    expect(JSON.parse(/\{[^$]*?\n\}/.exec(seen)?.[0] ?? '')).toEqual({
      updates: [
        { type: 'web', docker_image: 'sha256:of-web' },
        { type: 'release', docker_image: 'sha256:of-release' },
      ],
    });
    expect(seen).not.toContain('hidden');
  });

  it('has none when there is nothing to migrate', async () => {
    const { status, seen } = await released('backend: ECR to Heroku', 'succeeded');
    expect([status, seen.includes('acme/release,')]).toEqual([0, false]);
  });

  it('that fails makes the run fail', async () => {
    const { status, output } = await released('backend: GHCR to Heroku', 'failed');
    expect([status, output]).toEqual([1, expect.stringContaining('::error::The release failed')]);
  });
});
