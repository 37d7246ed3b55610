import { describe, expect, it } from 'vitest';
import { formFrom } from '@/lib/providers/github/workflow-form';
import { blueprintFiles } from '../model/generate';
import { MATRIX, madeFiles, workflowsOf } from '../testing/matrix';

const SOURCE = { path: 'deploy.yml', sha: 'a'.repeat(40), url: '' };

const KNOWN = ['staging', 'production', 'marketplace', 'preview', 'live', '1.10', 'true', '1e3'];

describe('the composer', () => {
  it('reads every workflow without a warning but that of Pages, finds its runs again, and can deploy any commit', async () => {
    const workflows = workflowsOf(await madeFiles());
    for (const { label, text } of workflows) {
      const form = formFrom(text, SOURCE, KNOWN);
      const known = text.includes('actions/deploy-pages@') ? [expect.stringContaining('GitHub Pages names')] : [];
      expect([label, form.warnings]).toEqual([label, known]);
      expect([label, form.findable, form.reserved]).toEqual([label, true, { marker: 'aetherstack', sha: 'sha' }]);
    }
    expect(workflows.length).toBe(Object.keys(MATRIX).length);
  });

  it('offers both ways of rendering a dashboard, and where there is one only it does not ask', async () => {
    const offered = async (label: string) => {
      const files = await blueprintFiles(MATRIX[label] as never);
      const text = files.find(({ path }) => path === '.github/workflows/dashboard-deploy.yml')?.text ?? '';
      const field = formFrom(text, SOURCE, ['staging', 'production']).fields.find(({ name }) => name === 'rendering');
      return field && [field.type, field.options, field.default];
    };
    expect(await offered('dashboard: own server')).toEqual(['choice', ['ssr', 'ssg'], 'ssr']);
    expect(await offered('dashboard: Netlify, files')).toEqual(['choice', ['ssr', 'ssg'], 'ssg']);
    expect(await offered('dashboard: Pages')).toBeUndefined();
  });

  it('asks for the environment, and takes an image that was built before', async () => {
    const files = await blueprintFiles(MATRIX['backend: Docker Hub to EKS'] as never);
    const text = files.find(({ path }) => path === '.github/workflows/backend-deploy.yml')?.text ?? '';
    const { fields } = formFrom(text, SOURCE, ['staging', 'production']);
    expect(fields.map(({ name, type, default: suggested }) => [name, type, suggested])).toEqual([
      ['environment', 'environment', 'staging'],
      ['image', 'string', ''],
    ]);
  });
});
