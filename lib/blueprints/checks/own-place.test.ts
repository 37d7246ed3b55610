// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blueprintNeeds } from '../model/generate';
import { Bench } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

/** With one place for all environments a deployment to staging replaces production, past production's own rules. */
const PLATFORMS = [
  ['backend: Docker Hub to EKS', 'KUBERNETES_NAMESPACE', 'backend'],
  ['backend: Artifact Registry to GKE', 'KUBERNETES_NAMESPACE', 'backend'],
  ['backend: GHCR to AKS', 'KUBERNETES_NAMESPACE', 'backend'],
  ['backend: ECR to ECS', 'ECS_SERVICE_BACKEND', 'backend'],
  ['backend: Artifact Registry to Cloud Run', 'CLOUD_RUN_SERVICE_BACKEND', 'backend'],
  ['backend: Docker Hub to Container Apps', 'CONTAINER_APP_BACKEND', 'backend'],
  ['backend: GHCR to Heroku', 'HEROKU_APP_BACKEND', ''],
  ['backend: App Engine', 'APP_ENGINE_SERVICE_BACKEND', ''],
] as const;

interface Step {
  name: string;
  run?: string;
  env?: Record<string, string>;
}
interface Job {
  needs?: string | string[];
  if?: string;
  environment?: object;
  env?: Record<string, string>;
  steps: Step[];
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  const tell = (name: string, more: string) =>
    bench.stub(name, `echo "${name} $*" >> ${bench.folder}/calls\ncase "$*" in\n${more}\n*) true ;;\nesac`);
  bench.stub('git', `echo ${'c'.repeat(40)}`);
  const task = JSON.stringify({ taskDefinition: { containerDefinitions: [{ name: 'web', image: 'old' }] } });
  tell('aws', `*PRIMARY*|*register*) echo new ;;\n*describe-task*) echo '${task}' ;;`);
  tell('gcloud', `*"app deploy"*) cat "$3" >> ${bench.folder}/calls ;;`);
  tell('az', '*RevisionName*) echo one ;;');
  tell('kubectl', '');
  tell('curl', `*formation*) true ;;\n*) echo '[{"status": "succeeded"}]' ;;`);
  bench.stub(
    'docker',
    // What is piped into it is read, as docker does: else the script ends with SIGPIPE where this ends first.
    `echo "docker $*" >> ${bench.folder}/calls; cat > /dev/null
if [ "$1" != buildx ]; then exit 0; fi
while [ "$1" != --metadata-file ]; do shift; done
echo '{"containerimage.config.digest": "sha256:1"}' > "$2"`,
  );
});
afterEach(() => bench.remove());

async function jobsOf(label: string, change: object = {}): Promise<Record<string, Job>> {
  rmSync(path.join(bench.repository, '.aetherstack-release'), { recursive: true, force: true });
  const files = await bench.write({ ...(MATRIX[label] as object), ...change } as never);
  const file = files.find(({ path: name }) => name.startsWith('.github/workflows/'));
  return (load(file?.text ?? '') as { jobs: Record<string, Job> }).jobs;
}

const DIGEST = `sha256:${'a'.repeat(64)}`;

/** An expression's value; what no context here has is empty, as at GitHub. */
function filled(text: string, contexts: Record<string, Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const names = ['vars', 'inputs', 'secrets', 'needs', 'github', 'steps', 'env'];
    const pairs = names.map((key) => ({
      key,
      value: new data.Dictionary(
        ...Object.entries(contexts[key] ?? {}).map(([name, value]) => ({
          key: name,
          value: new data.StringData(value),
        })),
      ),
    }));
    const parsed = new Parser(new Lexer(expression).lex().tokens, names, []).parse();
    return new Evaluator(parsed, new data.Dictionary(...pairs)).evaluate().coerceString();
  });
}

/** The job's own steps, up to the roll-out, with the variables that its environment has. */
async function deployed(label: string, environment: string, vars: Record<string, string>, change: object = {}) {
  const { deploy } = await jobsOf(label, change);
  if (!deploy) throw new Error('There is a job that deploys.');
  const image = deploy.steps.map(({ run }) => /Give the image as (\S+)@/.exec(run ?? '')?.[1]).find(Boolean);
  const contexts = { vars, inputs: { environment, image: image ? `${image}@${DIGEST}` : '' }, secrets: {} };
  const from = (env: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value, contexts)]));
  const calls = path.join(bench.folder, 'calls');
  rmSync(calls, { force: true });
  const told: Record<string, string> = {};
  let ran: { status: number | null; output: string } = { status: 0, output: '' };
  for (const { name, run, env } of deploy.steps) {
    if (run === undefined || ran.status !== 0 || name === 'Wait until it answers') continue;
    ran = await bench.run(run, { ...from(deploy.env), ...told, ...from(env) });
    const lines = readFileSync(path.join(bench.folder, 'github-env'), 'utf8').split('\n').filter(Boolean);
    for (const line of lines) told[line.split('=')[0] ?? ''] = line.slice(line.indexOf('=') + 1);
  }
  return { ...ran, calls: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
}

describe.each(PLATFORMS)('%s: each environment and each component has a place of its own', (label, variable, usual) => {
  it('each deployment goes to the one that its environment names, and nowhere else', async () => {
    for (const [environment, mine, other] of [
      ['staging', 'place-one', 'place-two'],
      ['production', 'place-two', 'place-one'],
    ] as const) {
      const ran = await deployed(label, environment, { [variable]: mine });
      expect(ran.status, ran.output).toBe(0);
      expect(ran.calls).toContain(mine);
      expect(ran.calls).not.toContain(other);
    }
  });

  it.each([
    ['several environments', {}],
    ['one environment', { environments: ['production'] }],
  ])('two components of one repository go to two places in the same one of %s', async (_, change) => {
    const isNamespace = variable === 'KUBERNETES_NAMESPACE';
    const stem = variable.replace(/_BACKEND$/, '');
    const own = { [`${stem}_BACKEND`]: 'place-one', [`${stem}_WEB_2`]: 'place-two' };
    const vars = { [stem]: 'place-of-all', ...(!isNamespace && own) };
    const places = isNamespace ? ['deployment/backend ', 'deployment/web-2 '] : ['place-one', 'place-two'];
    for (const [at, name] of ['backend', 'web-2'].entries()) {
      const ran = await deployed(label, 'production', vars, { ...change, name });
      expect(ran.status, ran.output).toBe(0);
      expect(places.filter((place) => ran.calls.includes(place))).toEqual([places[at]]);
      expect(ran.calls.includes('place-of-all')).toBe(isNamespace);
    }
  });

  it('one that names none is refused before anything is signed in to or sent', async () => {
    const { status, output, calls } = await deployed(label, 'production', {});
    expect([status, calls]).toEqual([1, '']);
    expect(output).toMatch(/^::error::Nothing was deployed: the environment production does not say which/);
    expect(output).toContain(`Set its variable ${variable}.`);
  });

  it('one name for all of them is refused before anything is built, also where an image is chosen', async () => {
    const { places, image, deploy } = await jobsOf(label);
    expect(places?.environment, 'so that it reads what is shared').toBeUndefined();
    const [step] = places?.steps ?? [];
    const look = (vars: Record<string, string>) =>
      bench.run(step?.run ?? '', { AETHERSTACK_SHARED: filled(step?.env?.AETHERSTACK_SHARED ?? '', { vars }) });
    expect(await look({})).toMatchObject({ status: 0 });
    expect(await look({ [variable]: 'shared' })).toMatchObject({
      ...{ status: 1, output: expect.stringContaining(`${variable} is a variable of the repository`) },
    });
    expect([deploy?.needs].flat()).toContain('places');
    if (image) expect(image.needs).toBe('places');
    if (deploy?.if) expect(deploy.if).toMatch(/ && needs\.places\.result == 'success' && \(needs\.image/);
    const [need] = blueprintNeeds(MATRIX[label] as never).filter(({ name }) => name === variable);
    expect(need?.why).toMatch(
      /^A variable of each environment, never of the repository: .* With the same one they would replace each other\./,
    );
    expect(need?.without).toBeUndefined();
  });

  it('with one environment a usual name is enough, for that one alone', async () => {
    const change = { environments: ['Live'] };
    expect(await jobsOf(label, change)).not.toHaveProperty('places');
    const given = usual ? {} : { [variable]: 'the-app' };
    const ran = await deployed(label, 'live', given, change);
    expect(ran.status, ran.output).toBe(0);
    expect(ran.calls).toContain(usual || 'the-app');
    if (!usual) expect(await deployed(label, 'live', {}, change)).toMatchObject({ status: 1, calls: '' });
    const other = await deployed(label, 'preview', { [variable]: 'the-app' }, change);
    expect([other.status, other.calls]).toEqual([1, '']);
    expect(other.output).toContain('this workflow knows one environment, and preview would be the same');
  });
});

describe('App Engine', () => {
  async function run(text: string, service: string) {
    const { deploy } = await jobsOf('backend: App Engine');
    const step = deploy?.steps.find(({ name }) => name === 'Roll out');
    writeFileSync(path.join(bench.repository, 'backend/app.yaml'), text);
    return bench.run(step?.run ?? '', { SERVICE: service, REVISION: 'c'.repeat(40) });
  }

  it.each(['service: other', "service: 'other' # mine", 'module: "other"\r'])(
    'a file that says another service (%j) is neither deployed nor written over',
    async (line) => {
      const ran = await run(`runtime: python313\n${line}\n`, 'mine');
      expect(ran).toMatchObject({
        status: 1,
        output: expect.stringContaining('says service other, and this is the one'),
      });
      expect(existsSync(path.join(bench.folder, 'calls'))).toBe(false);
    },
  );

  it('one that says the same is deployed as it is, and no name can be more than one', async () => {
    expect(await run('runtime: python313\nservice: mine', 'mine')).toMatchObject({ status: 0 });
    const file = () => readFileSync(path.join(bench.repository, 'backend/app.yaml'), 'utf8');
    expect(file()).toBe('runtime: python313\nservice: mine');
    expect(await run('runtime: python313', 'mine')).toMatchObject({ status: 0 });
    expect(load(file())).toEqual({ runtime: 'python313', service: 'mine' });
    for (const name of ['', 'a b', 'x\nservice: y'])
      expect(await run('runtime: python313', name)).toMatchObject({ status: 1 });
  });
});
