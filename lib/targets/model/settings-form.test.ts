import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalog } from '@/lib/providers/catalog.generated';
import { settingFields } from './settings-form';

describe('the settings form of a target', () => {
  it('asks for what the provider validates, in its words', () => {
    const targetConfig = z.strictObject({
      repository: z.string().describe('Repository'),
      project: z.string().describe('Project'),
      replicas: z.number().optional(),
      preview: z.boolean().default(false),
    });
    const capabilities = { source: { vcs: 'git' as const } };
    expect(settingFields({ targetConfig, capabilities })).toEqual([
      { name: 'repository', label: 'Repository', kind: 'repository', required: true },
      { name: 'project', label: 'Project', kind: 'text', required: true },
      { name: 'replicas', label: 'replicas', kind: 'number', required: false },
      { name: 'preview', label: 'preview', kind: 'switch', required: false },
    ]);
  });

  it('asks for a repository in writing where the provider cannot list any', () => {
    const targetConfig = z.strictObject({ repository: z.string() });
    expect(settingFields({ targetConfig, capabilities: {} })[0]?.kind).toBe('text');
  });

  it.each(Object.values(catalog).map((manifest) => [manifest.id, manifest] as const))(
    'can be drawn for %s, with a label for every setting',
    (_, manifest) => {
      const fields = settingFields(manifest);
      // What only measures has nothing to be told of a target's place.
      if ('deploy' in manifest.capabilities) expect(fields.length).toBeGreaterThan(0);
      expect(fields.filter((field) => field.label === field.name)).toEqual([]);
    },
  );
});
