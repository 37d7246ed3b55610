import type { Finding } from '../preflight';
import type { App } from './app';
import { opaqueStar } from './exports';
import { configFindings } from './judge-config';
import { handlerFindings } from './judge-handlers';
import { pageFindings } from './judge-pages';
import { pagesRouterFindings } from './judge-pages-router';
import { type Draft, LOOK_YOURSELF, warning } from './judge-terms';
import { findingsOfUses, type Host } from './judge-uses';
import type { RouteFile } from './routes';

const NOT_FOLLOWED = warning(
  'not_looked_at',
  { where: null },
  'There are more imports than are followed, so not everything was looked at.',
  'Look at it yourself; the build finds what is left and fails before anything goes live.',
);
/** More than these are counted, not listed. */
const MAX_FINDINGS = 100;

export interface Judged {
  blockers: Finding[];
  warnings: Finding[];
}

/**
 * What keeps an app from being exported as files, by its sources: https://nextjs.org/docs/app/guides/static-exports
 * (“Unsupported Features”). `folder`: where the app lies in its repository, for the findings. What packages do inside is
 * not looked into.
 */
export function exportability(app: App, folder: string, host: Host = { hostResizes: false }): Judged {
  const uses = findingsOfUses(app, host);
  const drafts = [
    ...configFindings(app),
    ...aliasFindings(app),
    ...app.routes.flatMap((route) => routeFindings(route, app)),
    ...uses.drafts,
    ...(uses.isComplete ? [] : [NOT_FOLLOWED]),
  ];
  const seen = new Set<string>();
  const judged: Judged = { blockers: [], warnings: [] };
  for (const { severity, ...draft } of drafts) {
    const key = `${draft.code}\n${draft.where}\n${draft.line}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const where = draft.where === null ? null : [folder, draft.where].filter((each) => each !== '').join('/');
    judged[severity === 'blocker' ? 'blockers' : 'warnings'].push({ ...draft, where });
  }
  return { blockers: bounded(judged.blockers), warnings: bounded(judged.warnings) };
}

function routeFindings(route: RouteFile, app: App): Draft[] {
  if (route.role === 'handler' || route.role === 'metadata')
    return [...handlerFindings(route, app), ...opaque(route, app)];
  if (route.router === 'pages') return [...pagesRouterFindings(route, app), ...opaque(route, app)];
  return [...pageFindings(route, app), ...opaque(route, app)];
}

function opaque({ file, path }: RouteFile, { modules }: App): Draft[] {
  const line = modules.facts.get(file)?.unclearExports ?? null;
  if (line !== null) {
    const sentence = `What ${path} exports is put together here in a way that is not followed.`;
    return [warning('exports_unknown', { where: file, line }, sentence, 'Export each name by itself.')];
  }
  const found = opaqueStar(file, modules);
  if (!found) return [];
  const sentence = `Everything of “${found.from}” is an export of ${path}, and what that is is not known.`;
  return [warning('exports_unknown', { where: found.file, line: 1 }, sentence, 'Name what it exports.')];
}

/** What decides where imports lead and was not read. */
function aliasFindings({ modules }: App): Draft[] {
  return modules.ways.unclear.map(({ file, line, what }) =>
    warning(
      'alias_unknown',
      { where: file, line },
      `Where imports lead is also decided here, ${what}; files that only that leads to were not looked at.`,
      LOOK_YOURSELF,
    ),
  );
}

function bounded(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en') || (a.line ?? 0) - (b.line ?? 0));
  const more = sorted.length - MAX_FINDINGS;
  if (more <= 0) return sorted;
  const rest = {
    code: 'and_more',
    sentence: `There are at least ${more} more of these.`,
    where: null,
    line: null,
    mend: null,
  };
  return [...sorted.slice(0, MAX_FINDINGS), rest];
}

const keyOf = ({ code, where }: Finding) => `${code} ${where ?? ''}`;
