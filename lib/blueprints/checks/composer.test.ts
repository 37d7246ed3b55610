import { describe, expect, it } from 'vitest';
import { leadsTo } from '@/lib/providers/github/leads-to';
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

  it('is led to the environment that is chosen, and by no file to another one', async () => {
    for (const file of workflowsOf(await madeFiles())) {
      const form = composerForm(file, KNOWN);
      const revision = { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40) } as const;
      const places = leadsTo(form, { inputs: { environment: 'production' }, fixed: {}, revision });
      const isAsked = form.fields.some(({ name }) => name === 'environment');
      // A file that asks for none names one, which is of its settings: that of Pages where nobody says another.
      const own = isAsked ? 'production' : MATRIX[file.label]?.environments?.[0];
      const others = places.flatMap(({ texts }) => texts).filter((text) => text !== own && text !== 'github-pages');
      expect([file.label, others]).toEqual([file.label, []]);
    }
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
