import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { SetupView } from '@/lib/blueprints/model/setup';
import { SettingsForm } from './settings-form';

const place = { connectionId: 'con_1', connectionName: 'Acme', repository: 'acme/stack' };
const DOCS = {
  kind: 'docs',
  name: 'docs',
  repository: 'acme/stack',
  branch: 'main',
  theme: 'material',
  versions: true,
};
const BACKEND = { ...DOCS, kind: 'backend', registry: { type: 'ghcr' }, platform: { type: 'heroku', region: 'x' } };

function drawn(settings: unknown, change: Partial<SetupView> = {}): string {
  const view: SetupView = {
    component: { slug: 'docs', name: 'Docs' },
    places: [place],
    place,
    settings: typeof settings === 'string' ? settings : JSON.stringify(settings),
    settingsFrom: 'person',
    wrong: {},
    inspection: null,
    problem: null,
    ...change,
  };
  return renderToStaticMarkup(<SettingsForm view={view} />);
}

const labels = (html: string) => [...html.matchAll(/<(?:label|legend)[^>]*>([^<]+)/g)].map(([, text]) => text);
const sent = (html: string) => {
  const value = /name="settings" value="([^"]*)"/.exec(html)?.[1] ?? '';
  return value.replaceAll('&quot;', '"');
};

describe('the form of the settings', () => {
  it('has the fields of its kind, without what is known, and only those that the choices call for', () => {
    expect(labels(drawn(DOCS))).toEqual(expect.arrayContaining(['Branch', 'Theme', 'Keep several versions']));
    expect(labels(drawn(DOCS))).not.toContain('Registry');
    expect(labels(drawn(BACKEND))).toEqual(expect.arrayContaining(['Runs on', 'Before each release', 'Image']));
    for (const hidden of ['Name', 'Region', 'Fewest copies', 'AWS account'])
      expect(labels(drawn(BACKEND))).not.toContain(hidden);
  });

  it('says what is wrong beside its field, also where the choices would not show it', () => {
    const html = drawn(BACKEND, { wrong: { branch: 'Fill this in.', 'replicas.min': 'At least 1.', '': 'Over all.' } });
    for (const sentence of ['Fill this in.', 'At least 1.']) {
      const id = new RegExp(`<p id="([^"]+)"[^>]*>(?:(?!</p>).)*${sentence}`).exec(html)?.[1] ?? 'none';
      const control = new RegExp(`<input[^>]*aria-describedby="[^"]*${id}[^"]*"[^>]*>`).exec(html)?.[0];
      expect(control).toContain('aria-invalid="true"');
    }
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(html).toContain('Over all.');
  });

  it('sends what it shows, for this component and the repository that was looked at', () => {
    const html = drawn({ ...DOCS, name: 'other', repository: 'acme/other' });
    expect(JSON.parse(sent(html))).toEqual({ ...DOCS, name: 'docs' });
    expect(sent(drawn({ ...DOCS, theme: 'odd' }))).toContain('"theme":"odd"');
  });

  it('opens the JSON, and keeps it as it was typed, where it is no settings', () => {
    for (const text of ['{"kind":', '{"kind":"other"}']) {
      const html = drawn(text);
      expect(html).toMatch(/<details open/);
      expect(sent(html)).toBe(text);
    }
    expect(drawn(DOCS)).not.toMatch(/<details open/);
  });
});
