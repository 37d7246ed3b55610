import { type Blueprint, inside } from '../blueprint';
import type { DocsSettings } from '../settings';
import { quoted } from '../workflow';

/** The site's settings, and the versions of what builds it. */
export const mkdocsYml: Blueprint<DocsSettings> = {
  id: 'mkdocs-yml',
  version: 2,
  kind: 'docs',
  applies: () => true,
  render: (settings) => [
    { path: inside(settings, 'mkdocs.yml'), text: text(settings) },
    { path: inside(settings, 'requirements.txt'), text: requirements(settings) },
  ],
};

function text({ siteName, siteUrl, repository, branch, directory, theme, versions }: DocsSettings): string {
  const edit = `edit/${branch}/${directory ? `${directory}/` : ''}docs/`;
  const features = theme === 'material' ? MATERIAL : '';
  return `site_name: ${quoted(siteName)}
${siteUrl ? `site_url: ${siteUrl}\n` : ''}repo_url: https://github.com/${repository}
edit_uri: ${quoted(edit)}
docs_dir: docs
# A broken link fails the build.
strict: true
theme:
  name: ${theme}
${features}markdown_extensions:
  - admonition
  - tables
  - toc:
      permalink: true
plugins:
  - search
${versions ? VERSIONED : ''}`;
}

const MATERIAL = `  features:
    - navigation.instant
    - navigation.top
    - content.code.copy
`;
const VERSIONED = `  - mike:
      alias_type: symlink
extra:
  version:
    provider: mike
`;

function requirements({ theme, versions }: DocsSettings): string {
  return [
    'mkdocs==1.6.1',
    ...(theme === 'material' ? ['mkdocs-material==9.8.1'] : []),
    ...(versions ? ['mike==2.2.0'] : []),
  ]
    .map((row) => `${row}\n`)
    .join('');
}
