import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { blueprintFiles } from '../model/generate';
import { blueprintSettings } from '../model/settings';
import { chosenOf } from '../model/setup';
import { MATRIX, madeFiles } from '../testing/matrix';

const made = async (label: string, change: object = {}) =>
  Object.fromEntries(
    (await blueprintFiles({ ...(MATRIX[label] as object), ...change } as never)).map(({ path, text }) => [path, text]),
  );
/** Every value of a YAML text that is no text itself, with its key. */
function others(value: unknown, key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => others(each, key));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, each]) => others(each, name));
  return typeof value === 'string' ? [] : [`${key}: ${String(value)}`];
}

describe('names that YAML would read as something else', () => {
  const odd = Object.keys(MATRIX).filter((label) => label.includes('odd names'));
  // Numbers and switches that are meant as such.
  const meant =
    /^(?:timeout-minutes|required|cancel-in-progress|default|init|read_only|strict|permalink|revisionHistoryLimit|progressDeadlineSeconds|max\w+|min\w+|automountServiceAccountToken|terminationGracePeriodSeconds|run\w+|containerPort|port|periodSeconds|timeoutSeconds|failureThreshold|allowPrivilegeEscalation|readOnlyRootFilesystem|averageUtilization|stabilizationWindowSeconds|optional|retries|fetch-depth|persist-credentials): /;

  it('stay texts in every file', async () => {
    expect(odd.length).toBeGreaterThan(2);
    const files = (await madeFiles()).filter(({ label, path }) => odd.includes(label) && /\.ya?ml$/.test(path));
    for (const { path, text } of files) {
      const found = others(load(text)).filter((row) => !meant.test(row) || /^default: (?!true|false)/.test(row));
      expect([path, found]).toEqual([path, []]);
    }
  });

  it('are what was typed', async () => {
    const docs = await made('docs: odd names');
    expect(load(docs['mkdocs.yml'] ?? '')).toMatchObject({ site_name: '1984' });
    const eks = await made('backend: odd names');
    const { on } = load(eks['.github/workflows/null-deploy.yml'] ?? '') as never as {
      on: { workflow_dispatch: { inputs: { environment: object } } };
    };
    expect(on.workflow_dispatch.inputs.environment).toMatchObject({ default: '1.10' });
    expect(load(eks['null/kubernetes/kustomization.yaml'] ?? '')).toMatchObject({
      configMapGenerator: [{ literals: ['APP_NAME=null', 'ODD=x: y', 'LIST=- x'] }],
    });
  });

  it.each(['DATABASE_URL', 'APP_NAME', 'PORT'])('%s is refused: the files set it themselves', (name) => {
    const parsed = blueprintSettings.safeParse({ ...MATRIX['backend: GHCR only'], config: { [name]: 'x' } });
    expect(JSON.stringify(parsed.error?.issues)).toContain('are set by the files themselves: leave them out.');
  });
});

describe('production', () => {
  it('is what the settings say, and never guessed from where it stands', async () => {
    for (const label of ['dashboard: Vercel', 'dashboard: Netlify, files', 'backend: Vercel, with an image too']) {
      const change = { environments: ['staging', 'live', 'canary'] };
      const text = async (more: object) =>
        Object.entries(await made(label, { ...change, ...more })).find(([path]) => path.endsWith('-deploy.yml'))?.[1];
      expect([label, await text({})]).toEqual([label, expect.not.stringMatching(/target=production|--prod\b/)]);
      const named = await text({ production: 'live' });
      expect(named).toMatch(
        /if \[ "\$ENVIRONMENT" = 'live' \]; then (?:target=production|options\+=\(--prod --context production\))/,
      );
    }
    expect(blueprintSettings.safeParse({ ...MATRIX['dashboard: Vercel'], production: 'x' }).error?.issues).toEqual([
      expect.objectContaining({ path: ['production'], message: 'Write one of the environments, or leave it empty.' }),
    ]);
  });

  it('is among the twenty that are offered, however many there are', () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ slug: `e${at}`, isProduction: at > 28 }));
    const { environments, production } = chosenOf(rows);
    expect([environments.length, environments[0], environments.at(-1), production]).toEqual([20, 'e0', 'e29', 'e29']);
    expect(chosenOf([{ slug: 'dev', isProduction: false }])).toEqual({ environments: ['dev'], production: null });
  });
});

it('Pages publishes from its own environment, so nobody is asked for one', async () => {
  const text = (await made('dashboard: Pages'))['.github/workflows/dashboard-deploy.yml'] ?? '';
  expect(text).not.toContain('staging');
  expect(text).toContain('github-pages');
});
