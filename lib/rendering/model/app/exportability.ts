import type { Finding } from '../preflight';
import type { App } from './app';
import { configFindings } from './judge-config';
import { handlerFindings } from './judge-handlers';
import { pageFindings } from './judge-pages';
import { type Draft, warning } from './judge-terms';
import { findingsOfUses } from './judge-uses';
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
export function exportability(app: App, folder: string): Judged {
  const drafts = [...configFindings(app), ...app.routes.flatMap((route) => routeFindings(route, app))];
  if (app.modules.steps.left <= 0) drafts.push(NOT_FOLLOWED);
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
  const own =
    route.role === 'handler' || route.role === 'metadata' ? handlerFindings(route, app) : pageFindings(route, app);
  return [...own, ...findingsOfUses(route, app)];
}

function bounded(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en') || (a.line ?? 0) - (b.line ?? 0));
  const more = sorted.length - MAX_FINDINGS;
  if (more <= 0) return sorted;
  const rest = { code: 'and_more', sentence: `There are ${more} more of these.`, where: null, line: null, mend: null };
  return [...sorted.slice(0, MAX_FINDINGS), rest];
}

const keyOf = ({ code, where }: Finding) => `${code} ${where ?? ''}`;
