import { describe, expect, it } from 'vitest';
import { blueprintFiles } from '../model/generate';
import { MATRIX, madeFiles } from '../testing/matrix';

const made = async (label: string, change: object = {}) =>
  Object.fromEntries(
    (await blueprintFiles({ ...(MATRIX[label] as object), ...change } as never)).map(({ path, text }) => [path, text]),
  );

describe('the image', () => {
  it('listens where the platform says, and its health is asked there', async () => {
    for (const { path, text } of (await madeFiles()).filter((file) => file.path.endsWith('Dockerfile'))) {
      expect([path, text]).toEqual([path, expect.stringMatching(/^ {4}PORT=\d+ \\$/m)]);
      expect(text).toMatch(/^CMD \["sh", "-c", "exec uvicorn \S+ --host 0\.0\.0\.0 --port \$\{PORT\} /m);
      expect(text).toMatch(/^ {4}CMD .*'http:\/\/127\.0\.0\.1:' \+ os\.environ\['PORT'\] \+ '\/health/m);
    }
  });

  it('gets the same port from Kubernetes, from compose and from Cloud Run', async () => {
    const eks = await made('backend: Docker Hub to EKS', { port: 8_123 });
    expect(eks['backend/kubernetes/deployment.yaml']).toContain("- name: PORT\n              value: '8123'\n");
    expect(eks['backend/kubernetes/deployment.yaml']).toContain('containerPort: 8123\n');
    expect(eks['backend/compose.yaml']).toContain("      PORT: '8123'\n");
    const run = await made('backend: Artifact Registry to Cloud Run', { port: 8_123 });
    expect(run['.github/workflows/backend-deploy.yml']).toContain(' --port 8123 ');
  });

  it('has the module that is started, be it a folder or one file', async () => {
    const copied = async (module: string) =>
      /^COPY (?!--from|requirements).*$/m.exec(
        (await made('backend: GHCR only', { module }))['backend/Dockerfile'] ?? '',
      )?.[0];
    expect(await copied('main:app')).toBe('COPY main.py ./');
    expect(await copied('app.main:app')).toBe('COPY app ./app');
  });

  it.each(['.dockerignore', '.gcloudignore'])('gets no credential by %s, in whatever folder it lies', async (name) => {
    const label = name === '.dockerignore' ? 'backend: GHCR only' : 'backend: App Engine';
    const rows = (await made(label))[`backend/${name}`]?.split('\n');
    // Only Docker reads a pattern as that of the root alone.
    const anywhere = name === '.dockerignore' ? '**/' : '';
    const secret = ['.env', '.env.*', '*.pem', 'gha-creds-*.json'].map((each) => `${anywhere}${each}`);
    expect(rows).toEqual(expect.arrayContaining(secret));
  });
});

it('the job that writes versions of the docs keeps its token out of the files of git', async () => {
  const text = (await made('docs: versions'))['.github/workflows/docs-deploy.yml'] ?? '';
  expect(text).not.toContain('persist-credentials: true');
  expect(text.match(/github\.token/g)).toHaveLength(1);
  expect(text.indexOf('github.token')).toBeGreaterThan(text.indexOf('- name: Publish'));
});
