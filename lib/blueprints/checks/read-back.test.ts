import { beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { provider } from '@/lib/providers/github/adapter';
import { titlePattern } from '@/lib/providers/github/run-titles';
import { settingsNamedIn } from '@/lib/providers/github/settings-named';
import { readWorkflow } from '@/lib/providers/github/workflow-file';
import { composerForm } from '../testing/checkers';
import { type MadeFile, madeFiles, workflowsOf } from '../testing/matrix';

const ENVIRONMENT = 'production';
let workflows: MadeFile[];
beforeAll(async () => {
  workflows = workflowsOf(await madeFiles());
});

const asks = (file: MadeFile) => composerForm(file, [ENVIRONMENT]).fields.some(({ name }) => name === 'environment');
const ofLabel = (label: string) => workflows.find((each) => each.label === label) ?? expect.fail(label);

const RECORDS = '.github/aetherstack';

function contentOf(text: string): object {
  const bytes = Buffer.from(text);
  const content = { size: bytes.length, encoding: 'base64', content: bytes.toString('base64') };
  return { type: 'file', ...content, html_url: 'https://github.com/acme/stack' };
}

/**
 * What the console finds of a workflow that stands in a repository with these records, by their names, for a target that fixes
 * its environment. `asked` gets what of the repository was read.
 */
function readBack({ path, text }: MadeFile, records: Record<string, string> = {}, asked: string[] = []) {
  const listed = Object.keys(records).map((name) => ({
    type: 'file',
    path: `${RECORDS}/${name}`,
    sha: 'a'.repeat(40),
  }));
  const answers = (url: string): object => {
    const [, at] = decodeURIComponent(new URL(url).pathname).split('/contents/');
    if (at === undefined) return { total_count: 1, environments: [{ id: 1, name: ENVIRONMENT }] };
    asked.push(at);
    if (at === RECORDS) return listed;
    return contentOf(at.startsWith(RECORDS) ? (records[at.slice(RECORDS.length + 1)] ?? '') : text);
  };
  const context = {
    connectionId: 'con_1',
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret('token') },
    fetch: async (input: RequestInfo | URL) => Response.json(answers(new Request(input).url)),
    now: () => 0,
  } as const;
  const workflow = path.split('/').at(-1) ?? '';
  const target = { repository: 'acme/stack', workflow, defaultRef: 'main', inputs: { environment: ENVIRONMENT } };
  return provider.methods.configuration.reads(context, target, ENVIRONMENT);
}

describe('a workflow that Set up makes, for a target that fixes its environment', () => {
  it('finds its settings in that environment, and says that those are all places', async () => {
    const asking = workflows.filter(asks);
    expect(asking.length).toBeGreaterThan(20);
    for (const file of asking) {
      const { places, complete } = await readBack(file);
      const ids = places.map(({ id }) => id);
      expect([file.label, complete, ids[0]]).toEqual([file.label, true, `environment:acme/stack:${ENVIRONMENT}`]);
    }
  });

  it('tells by the title of a run where it went', () => {
    for (const file of workflows.filter(asks)) {
      const { runName } = readWorkflow(file.text, file.path);
      const titled = (name: string) =>
        runName.replace(/\$\{\{([^}]*)\}\}/g, (_, inside) => (inside.includes('.environment') ? name : 'x'));
      const pattern = titlePattern(runName, { environment: ENVIRONMENT });
      const told = [titled(ENVIRONMENT), titled('staging')].map((title) => pattern?.test(title));
      expect([file.label, told]).toEqual([file.label, [true, false]]);
    }
  });
});

describe.each([
  ['dashboard: Vercel', 'VERCEL_PROJECT_ID', 'DASHBOARD', { hosting: 'vercel' }],
  ['dashboard: Netlify, files', 'NETLIFY_SITE_ID', 'DASHBOARD', { hosting: 'netlify' }],
  ['backend: Vercel, with an image too', 'VERCEL_PROJECT_ID', 'BACKEND', { platform: { type: 'vercel' } }],
])('%s: the variable of before', (label, stem, component, there) => {
  const own = `${stem}_${component}`;
  const record = (name: string, settings: object) => JSON.stringify({ settings: { name, ...settings }, files: {} });
  const namedWith = async (records: Record<string, string>) => {
    const { named } = await readBack(ofLabel(label), records);
    return named?.find(({ name }) => name === own);
  };

  it('does for its own while no other component goes there, whatever else the repository has', async () => {
    const alone = { kind: 'variable', name: own, or: [stem] };
    expect(await namedWith({})).toEqual(alone);
    const itself = { [`${component.toLowerCase()}.json`]: record(component.toLowerCase(), there) };
    const others = { 'api.json': record('api', { platform: { type: 'heroku' } }), 'book.json': record('book', {}) };
    const odd = { 'half.json': '{', 'list.json': '[]', 'odd.json': record('$(odd)', there), 'read.md': 'no record' };
    expect(await namedWith({ ...itself, ...others, ...odd })).toEqual(alone);
  });

  it('does not once another one does, as the run would say, and it says whose', async () => {
    const both = await namedWith({ 'web-2.json': record('web-2', there) });
    expect(both).toEqual({
      kind: 'variable',
      name: own,
      because: expect.stringMatching(`^${stem} does not do instead: web-2 `),
    });
  });
});

it('only workflows that ask for it have the records read', async () => {
  const asked: string[] = [];
  await readBack(ofLabel('backend: ECR to ECS'), {}, asked);
  expect(asked.some((path) => path.startsWith(RECORDS))).toBe(false);
});

it('what a workflow has another value for is named and not asked for', () => {
  const asked = (label: string) => {
    const named = settingsNamedIn(ofLabel(label).text);
    return Object.fromEntries(named.map(({ name, optional = false }) => [name, optional]));
  };
  const service = asked('backend: ECR to ECS');
  expect(service).toMatchObject({ PUBLIC_URL: true, ECS_CONTAINER: true, ECS_CLUSTER: false });
});

it('what each environment has to say for itself is asked for, though a look at what they share does without', () => {
  const asked = (label: string) =>
    settingsNamedIn(ofLabel(label).text).flatMap(({ name, unshared, optional }) =>
      unshared && !optional ? [name] : [],
    );
  expect(asked('backend: ECR to ECS')).toEqual(['ECS_SERVICE_BACKEND']);
  expect(asked('backend: Artifact Registry to Cloud Run')).toEqual(['CLOUD_RUN_SERVICE_BACKEND']);
  expect(asked('backend: Docker Hub to EKS')).toEqual(['KUBERNETES_NAMESPACE']);
  expect(asked('backend: one environment')).toEqual([]);
  const ofAgent = settingsNamedIn(ofLabel('dashboard: own server by its agent').text);
  expect(ofAgent.find(({ name }) => name === 'AGENT_APP_DASHBOARD')).toMatchObject({ optional: true, unshared: true });
});
