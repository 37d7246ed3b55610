import { describe, expect, it } from 'vitest';
import type { DeployForm, FormField } from '@/lib/providers/port';
import type { SettingField } from '@/lib/targets/model/settings-form';
import type { EstateTarget, EstateView } from '@/lib/targets/model/view';
import {
  configInWords,
  configOf,
  draftOf,
  environmentInput,
  inputProblems,
  isComplete,
  typedValue,
} from './target-draft';

const fields: SettingField[] = [
  { name: 'repository', label: 'Repository', kind: 'repository', required: true },
  { name: 'defaultRef', label: 'Branch', kind: 'ref', required: true },
  { name: 'replicas', label: 'Replicas', kind: 'number', required: false },
  { name: 'inputs', label: 'Fixed inputs', kind: 'inputs', required: false },
];
const field = (name: string, type: FormField['type'], options: string[] = []): FormField => ({
  name,
  type,
  options,
  description: '',
  required: false,
  default: null,
});
const form: DeployForm = {
  fields: [
    field('environment', 'environment', ['Staging', 'production']),
    field('count', 'number'),
    field('dry', 'boolean'),
  ],
  reserved: { marker: 'mark', sha: 'sha' },
  findable: true,
  source: { path: 'deploy.yml', sha: 'a'.repeat(40), url: '' },
  warnings: [],
};
const fixed = (name: string, value: string | number | boolean = 'x', key = name) => ({ key, name, value });

describe('the settings of a target', () => {
  it('come out as they went in', () => {
    const config = {
      repository: 'a/b',
      defaultRef: 'main',
      replicas: 2,
      inputs: { environment: 'production', dry: false },
    };
    const target = {
      id: 't',
      label: '',
      version: 1,
      refusal: null,
      settings: null,
      component: { id: 'c' },
      environment: { id: 'e' },
      connection: { id: 'n' },
      config,
    } as unknown as EstateTarget;
    const draft = draftOf(target, {} as EstateView, { component: '', environment: '' });
    expect(configOf(draft, fields)).toEqual(config);
    expect(configInWords(Object.fromEntries(Object.entries(config).reverse()), fields)).toEqual({
      settings: 'a/b · main · 2',
      inputs: 'environment = production, dry = false',
    });
  });

  it('name a switch that is on by its label, and say nothing of one that is off', () => {
    const name = (at: string, on: boolean) =>
      configInWords({ [at]: on, project: 'web' }, [
        { name: 'project', label: 'Project', kind: 'text', required: true },
        { name: 'production', label: 'Production: its own domains', kind: 'switch', required: false },
      ]).settings;
    expect([name('production', true), name('production', false), name('unknown', true)]).toEqual([
      'web · Production',
      'web',
      'unknown · web',
    ]);
  });

  it('leave out what is empty, and are complete when nothing required is', () => {
    expect(configOf({ values: { repository: 'a/b', defaultRef: '' }, inputs: [fixed(' ')] }, fields)).toEqual({
      repository: 'a/b',
    });
    expect(isComplete({ repository: 'a/b' }, fields)).toBe(false);
    expect(isComplete({ repository: 'a/b', defaultRef: 'main' }, fields)).toBe(true);
  });

  it('open with what the address asks for, and with the only choice', () => {
    const estate = {
      components: [
        { id: 'c1', slug: 'api' },
        { id: 'c2', slug: 'web' },
      ],
      environments: [{ id: 'e1', slug: 'staging' }],
      connections: ['n1', 'n2', 'n3'].map((id) => ({
        id,
        use: { deploys: id !== 'n3', images: id === 'n3', runtime: false },
      })),
    } as unknown as EstateView;
    expect(draftOf(null, estate, { component: 'web', environment: '' })).toMatchObject({
      componentId: 'c2',
      environmentId: 'e1',
      connectionId: '',
    });
  });
});

describe('fixed inputs', () => {
  it('are typed as they are declared', () => {
    expect(typedValue(form.fields[1], '2')).toBe(2);
    expect(typedValue(form.fields[1], 'two')).toBe('two');
    expect(typedValue(form.fields[2], 'true')).toBe(true);
    expect(typedValue(undefined, '2')).toBe('2');
  });

  it('are told apart from what would be refused', () => {
    const problems = inputProblems(
      [
        fixed('environment', 'production'),
        fixed('environment', 'Staging', 'second'),
        fixed('count', 'two'),
        fixed('other'),
        fixed('sha'),
        fixed('', 'x', 'nameless'),
      ],
      form,
    );
    expect(Object.keys(problems)).toEqual(['second', 'count', 'other', 'sha', 'nameless']);
    expect(problems.other).toContain('deploy.yml');
  });

  it('settle one that is gone by fixing it to nothing, which is kept, shown and no problem', () => {
    const inputs = [fixed(' gone ', '')];
    expect(inputProblems(inputs, form)).toEqual({});
    const config = configOf({ values: {}, inputs }, fields);
    expect(config).toEqual({ inputs: { gone: '' } });
    expect(configInWords(config, fields).inputs).toBe('gone = (nothing)');
  });

  it('are told how the workflow spells them, for they would be sent twice', () => {
    expect(inputProblems([fixed('Count', '')], form).Count).toContain('“count”');
  });

  it('are not judged by a form that could not be read', () => {
    expect(inputProblems([fixed('anything')], null)).toEqual({});
  });

  it('offer to name the environment once', () => {
    expect(environmentInput(form, [], 'staging')).toEqual({ name: 'environment', value: 'Staging' });
    expect(environmentInput(form, [fixed('environment')], 'staging')).toBeNull();
    expect(environmentInput(form, [], 'qa')).toBeNull();
  });
});
