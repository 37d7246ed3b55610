import { describe, expect, it } from 'vitest';
import { blueprintFiles, blueprintNeeds } from '../model/generate';
import { MATRIX } from '../testing/matrix';

const text = async (label: string, change: object = {}) =>
  (await blueprintFiles({ ...(MATRIX[label] as object), ...change } as never)).find(({ path }) =>
    path.startsWith('.github/workflows/'),
  )?.text ?? '';
const jobs = async (label: string) => {
  const [build = '', deploy = ''] = (await text(label)).split(/^ {2}deploy:$/m);
  return { build, deploy };
};
const why = (label: string, name: string, subject: string | null = 'repo:acme/stack') =>
  blueprintNeeds(MATRIX[label] as never, subject).find((need) => need.name === name)?.why;

describe('who may do what in a cloud', () => {
  it.each(['backend: ECR to ECS', 'backend: ECR to Heroku', 'backend: Artifact Registry to Cloud Run'])(
    'is another one for building than for deploying: %s',
    async (label) => {
      const { build, deploy } = await jobs(label);
      expect(build).toMatch(/vars\.(?:AWS|GCP)_PUSH_/);
      expect(build).not.toMatch(/vars\.(?:AWS|GCP)_DEPLOY_/);
      expect(deploy).toMatch(/vars\.(?:AWS|GCP)_DEPLOY_/);
      expect(deploy).not.toMatch(/vars\.(?:AWS|GCP)_PUSH_/);
    },
  );

  it('is said with the exact subject, and what not to trust', () => {
    const label = 'backend: ECR to ECS';
    expect(why(label, 'AWS_PUSH_ROLE_ARN')).toContain(
      'A variable of the repository. Trust exactly the subject “repo:acme/stack:ref:refs/heads/main”, never “repo:acme/stack:*”',
    );
    expect(why(label, 'AWS_DEPLOY_ROLE_ARN')).toContain(
      '“repo:acme/stack:environment:staging” or “repo:acme/stack:environment:production”, never',
    );
    expect(why('backend: GHCR to AKS', 'AZURE_CLIENT_ID')).toContain('“repo:acme/stack:environment:production”');
    expect(why('extension: everywhere by Entra', 'AZURE_CLIENT_ID')).toContain(
      '“repo:acme/stack:environment:marketplace”',
    );
    expect(why('backend: Artifact Registry to GKE', 'GCP_PUSH_SERVICE_ACCOUNT')).toContain('refs/heads/main');
  });

  it('is said as the provider makes it: with ids where it has them, and with both forms where it does not say', () => {
    const label = 'backend: ECR to ECS';
    const ids = why(label, 'AWS_PUSH_ROLE_ARN', 'repo:acme@1/stack@2');
    expect(ids).toContain('“repo:acme@1/stack@2:ref:refs/heads/main”, never “repo:acme@1/stack@2:*”');
    expect(ids).not.toContain('“repo:acme/stack');
    const both = why(label, 'AWS_DEPLOY_ROLE_ARN', null);
    expect(both).toContain('“repo:acme/stack:environment:staging”');
    expect(both).toContain('“repo:acme@<id>/stack@<id>” instead');
  });

  it('gets no secret on a command line, where every process of the machine could read it', async () => {
    for (const label of ['backend: GHCR to Heroku', 'dashboard: Vercel', 'backend: Vercel, with an image too']) {
      expect([label, await text(label)]).toEqual([
        label,
        expect.not.stringMatching(/--(?:token|header)[ =]"[^"\n]*\$(?:VERCEL_TOKEN|HEROKU_API_KEY)/),
      ]);
    }
  });
});

it('two components never wait for each other by mistake', async () => {
  const group = async (name: string, environments: string[]) => {
    const found = await text('backend: ECR to ECS', { name, environments });
    return /^ {2}group: (.*)$/m.exec(found)?.[1]?.replace(/\$\{\{.*\|\| '(.*)' \}\}/, '$1');
  };
  expect(await group('api', ['v2-staging'])).not.toBe(await group('api-v2', ['staging']));
});
