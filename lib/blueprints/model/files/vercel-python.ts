import { type Blueprint, inside } from '../blueprint';
import type { BackendSettings } from '../settings';

/** FastAPI as one serverless function. */
export const vercelPython: Blueprint<BackendSettings> = {
  id: 'vercel-python',
  version: 2,
  kind: 'backend',
  applies: ({ platform }) => platform.type === 'vercel',
  render: (settings) => [
    { path: inside(settings, 'vercel.json'), text: config(settings) },
    { path: inside(settings, 'api/index.py'), text: entry(settings) },
  ],
};

function config({ platform }: BackendSettings): string {
  const regions = platform.type === 'vercel' ? [platform.region] : [];
  const json = {
    $schema: 'https://openapi.vercel.sh/vercel.json',
    regions,
    functions: { 'api/index.py': { maxDuration: 30, excludeFiles: '{tests/**,kubernetes/**}' } },
    rewrites: [{ source: '/(.*)', destination: '/api/index' }],
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function entry({ module }: BackendSettings): string {
  const [path = '', object = ''] = module.split(':');
  const import_ = object === 'app' ? `from ${path} import app` : `from ${path} import ${object} as app`;
  return `"""What the platform calls: the application, under the name it looks for."""

${import_}

__all__ = ["app"]
`;
}
