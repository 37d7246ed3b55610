import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsNamedIn } from '@/lib/providers/github/settings-named';
import { blueprintFiles, blueprintNeeds, recordPath } from '../model/generate';
import { describeProposal } from '../model/proposal-text';
import { BLUEPRINTS } from '../model/registry';
import { readSeal } from '../model/seal';
import { blueprintSettings } from '../model/settings';
import { MATRIX, madeFiles, workflowsOf } from '../testing/matrix';

const EKS = MATRIX['backend: Docker Hub to EKS'] as never;

describe('the table of blueprints', () => {
  it('has one row for each file of the folder', () => {
    const folder = readdirSync(path.join('lib/blueprints/model/files')).map((name) => name.replace(/\.ts$/, ''));
    const rows = Object.entries(BLUEPRINTS).flatMap(([kind, all]) => all.map((each) => [each.id, each.kind === kind]));
    expect(rows.filter(([, right]) => !right)).toEqual([]);
    expect(rows.map(([id]) => id).sort()).toEqual(folder.sort());
  });

  it('every blueprint is used by some settings of the matrix', async () => {
    const used = new Set((await madeFiles()).map(({ blueprint }) => blueprint));
    const all = Object.values(BLUEPRINTS).flatMap((rows) => rows.map(({ id }) => id));
    expect(all.filter((id) => !used.has(id))).toEqual([]);
  });
});

describe('generated files', () => {
  it('are the same bytes for the same settings, each at one place inside the repository', async () => {
    for (const settings of Object.values(MATRIX)) {
      const files = await blueprintFiles(settings);
      expect(await blueprintFiles(structuredClone(settings))).toEqual(files);
      const paths = files.map((file) => file.path);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths.filter((file) => file.startsWith('/') || file.includes('..') || file.includes('//'))).toEqual([]);
      expect(files.map(({ text }) => text.endsWith('\n') && !text.endsWith('\n\n'))).not.toContain(false);
    }
  });

  it('say in their first lines what made them, with a digest that fits', async () => {
    for (const file of (await madeFiles()).filter(({ path: name }) => !name.endsWith('.json'))) {
      expect(file.text.slice(0, 300)).toContain(`Made by AetherStack (${file.blueprint} ${file.version}) for `);
      expect(await readSeal(file.text)).toEqual({
        said: file.digest,
        is: file.digest,
        of: MATRIX[file.label]?.name,
      });
    }
  });

  it('keep their settings and digests in a record that gives the same files again', async () => {
    const files = await blueprintFiles(EKS);
    const kept = JSON.parse(files.find((file) => file.path === recordPath('backend'))?.text ?? '');
    expect(await blueprintFiles(kept.settings)).toEqual(files);
    expect(kept.files['backend/Dockerfile']).toBe(files.find((file) => file.path === 'backend/Dockerfile')?.digest);
  });

  it('ask for nothing twice, and for no secret where OIDC will do', () => {
    const names = (label: string) => blueprintNeeds(MATRIX[label] as never).map(({ name, kind }) => `${kind} ${name}`);
    expect(names('backend: ECR to ECS')).toEqual([
      'variable AWS_PUSH_ROLE_ARN',
      'variable AWS_DEPLOY_ROLE_ARN',
      'variable ECS_CLUSTER',
      'variable ECS_SERVICE_BACKEND',
      'variable ECS_CONTAINER',
      'variable PUBLIC_URL',
    ]);
    expect(names('backend: Artifact Registry to Cloud Run').filter((each) => each.startsWith('secret'))).toEqual([]);
    expect(names('backend: Docker Hub to EKS')).toContain('secret DOCKERHUB_TOKEN');
    // No secret, but nothing goes in before people allow it there.
    expect(names('extension: Marketplace by OIDC')).toEqual(['policy Trusted publishing policy']);
  });
});

it('a proposal lists what may be missing apart from what has to exist, with what happens without it', () => {
  const text = (label: string) => describeProposal('Backend', [], blueprintNeeds(MATRIX[label] as never), []).body;
  const [before = '', besides = ''] = text('backend: ECR to ECS').split('These may be missing:');
  expect(before).toContain('have to exist:');
  expect(before).toContain('`ECS_CLUSTER`');
  expect(before).toContain('`ECS_SERVICE_BACKEND`: A variable of each environment, never of the repository');
  expect(before).not.toContain('`ECS_CONTAINER`');
  expect(besides).toContain('- variable `ECS_CONTAINER`: The container that gets the image. Without it: the only one');
  expect(text('dashboard: Pages')).not.toContain('have to exist');
  expect(text('dashboard: Pages')).toContain('`AETHERSTACK_BUILD_VALUES`');
});

describe('every workflow', () => {
  it('names every secret and variable that it uses among what it needs', async () => {
    for (const { label, text } of workflowsOf(await madeFiles())) {
      const used = [...text.matchAll(/\b(?:secrets|vars)\.([A-Z0-9_]+)/g)].map(([, name = '']) => name);
      const needed = blueprintNeeds(MATRIX[label] as never).map(({ name }) => name);
      const missing = used.filter((name) => name !== 'GITHUB_TOKEN' && !needed.includes(name));
      expect([label, missing]).toEqual([label, []]);
    }
  });

  it('does without exactly those that are said to be optional, as the doctor reads it', async () => {
    for (const { label, text } of workflowsOf(await madeFiles())) {
      const needs = blueprintNeeds(MATRIX[label] as never);
      const optional = settingsNamedIn(text).flatMap((each) => (each.optional ? [each.name] : []));
      const said = needs.filter(({ without }) => without !== undefined).map(({ name }) => name);
      expect([label, said.sort()]).toEqual([label, optional.sort()]);
    }
  });

  it('gives no job a permission by default, and writes only where it has to', async () => {
    const allowed = /^(?:(?:contents|packages): read|(?:packages|pages|id-token|attestations): write)$/;
    for (const { label, text } of workflowsOf(await madeFiles())) {
      expect(text).toContain('\npermissions: {}\n');
      const granted = [...text.matchAll(/^ {4}permissions:\n((?: {6}.*\n)+)/gm)].flatMap(([, rows = '']) =>
        rows.trim().split(/\n\s*/),
      );
      // Versions of the docs are commits on a branch.
      const wide = granted.filter(
        (row) => !allowed.test(row) && !(text.includes('mike deploy') && row === 'contents: write'),
      );
      expect([label, wide]).toEqual([label, []]);
    }
  });

  it('pins every action to a commit, with its version beside it', async () => {
    for (const { text } of workflowsOf(await madeFiles())) {
      for (const [line] of text.matchAll(/^\s*uses: .*$/gm)) {
        expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
      expect(text).toMatch(/^concurrency:\n {2}group: \S.*\n {2}cancel-in-progress: false$/m);
    }
  });
});

describe('settings', () => {
  const broken = (change: object) =>
    blueprintSettings.safeParse({ ...(EKS as object), ...change }).error?.issues[0]?.message;

  it.each([
    [{ registry: { type: 'none' } }, 'This platform runs an image: choose the registry that keeps it.'],
    [{ registry: { type: 'none' }, platform: { type: 'none' } }, 'Choose a registry, a platform, or both.'],
    [
      {
        registry: { type: 'ecr', account: '123456789012', region: 'eu-west-1', image: 'acme/backend' },
        platform: { type: 'cloud-run', region: 'europe-west1' },
      },
      'Cloud Run takes no image from ECR: choose Artifact Registry.',
    ],
    ...[
      ['Cloud Run', { type: 'cloud-run', region: 'europe-west1' }],
      ['Container Apps', { type: 'container-apps' }],
      ['Heroku', { type: 'heroku' }],
    ].map(
      ([name, platform]) =>
        [{ platform, architectures: ['linux/arm64'] }, `${name} runs linux/amd64 only: build for that, too.`] as [
          object,
          string,
        ],
    ),
    [{ replicas: { min: 5, max: 2 } }, 'The largest number is below the smallest.'],
    [{ port: 80 }, 'A port below 1024 needs root.'],
  ])('that cannot work are refused with what to do: %j', (change, sentence) => {
    expect(broken(change)).toBe(sentence);
  });

  it('of arm64 alone are taken where the machines may be such ones', () => {
    expect(broken({ architectures: ['linux/arm64'] })).toBeUndefined();
    expect(broken({ architectures: ['linux/arm64'], platform: { type: 'ecs', region: 'eu-west-1' } })).toBeUndefined();
  });

  it.each([
    [{ name: 'a\nb' }],
    [{ directory: '../outside' }],
    [{ directory: 'a b' }],
    [{ branch: "main'] }" }],
    [{ environments: ["x' }}"] }],
    [{ module: 'app.main:app; id' }],
    [{ migrate: 'x && id' }],
    [{ healthPath: '/$(id)' }],
    [{ config: { LOG: '"\n  evil: 1' } }],
    [{ config: { 'A: b': 'x' } }],
    [{ repository: 'acme/stack/../..' }],
    [{ registry: { type: 'ghcr', image: 'acme/backend"; id' } }],
    [{ unknown: 1 }],
  ])('that would mean something in YAML or in a shell are refused: %j', (change) => {
    expect(broken(change)).toBeTypeOf('string');
  });

  it('say that Pages serves files only, and that an extension has to go somewhere', () => {
    const base = { name: 'x', repository: 'acme/stack' };
    const pages = blueprintSettings.safeParse({ ...base, kind: 'dashboard', hosting: 'pages', rendering: 'ssr' });
    expect(pages.error?.issues[0]?.message).toBe('Pages serves files only: choose the static build.');
    const nowhere = blueprintSettings.safeParse({ ...base, kind: 'extension', marketplace: 'none', openVsx: false });
    expect(nowhere.error?.issues[0]?.message).toBe('Choose at least one place to publish to.');
  });
});
