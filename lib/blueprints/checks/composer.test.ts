import { describe, expect, it } from 'vitest';
import { blueprintFiles } from '../model/generate';
import { composerForm } from '../testing/checkers';
import { MATRIX, madeFiles, workflowsOf } from '../testing/matrix';

const KNOWN = ['staging', 'production', 'marketplace', 'preview', 'live', '1.10', 'true', '1e3'];

describe('the composer', () => {
  it('reads every workflow without a warning but that of Pages, finds its runs again, and can deploy any commit', async () => {
    const workflows = workflowsOf(await madeFiles());
    for (const file of workflows) {
      const { label, text } = file;
      const form = composerForm(file, KNOWN);
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
      const field = composerForm({ path: '', text }, ['staging', 'production']).fields.find(
        ({ name }) => name === 'rendering',
      );
      return field && [field.type, field.options, field.default];
    };
    expect(await offered('dashboard: own server')).toEqual(['choice', ['ssr', 'ssg'], 'ssr']);
    expect(await offered('dashboard: Netlify, files')).toEqual(['choice', ['ssr', 'ssg'], 'ssg']);
    expect(await offered('dashboard: Pages')).toBeUndefined();
  });

  it('asks for the environment, and takes an image that was built before', async () => {
    const files = await blueprintFiles(MATRIX['backend: Docker Hub to EKS'] as never);
    const text = files.find(({ path }) => path === '.github/workflows/backend-deploy.yml')?.text ?? '';
    const { fields } = composerForm({ path: '', text }, ['staging', 'production']);
    expect(fields.map(({ name, type, default: suggested }) => [name, type, suggested])).toEqual([
      ['environment', 'environment', 'staging'],
      ['image', 'string', ''],
    ]);
  });
});
