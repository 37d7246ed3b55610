import type { Finding } from '../preflight';
import type { App } from './app';
import { type Export, findExport } from './exports';
import { framesOf, type RouteFile } from './routes';

/** A finding before it is listed; `where` is relative to the app's folder. */
export type Draft = Finding & { severity: 'blocker' | 'warning' };

export type At = { where: string | null; line?: number | null };

export function blocker(code: string, { where, line = null }: At, sentence: string, mend: string): Draft {
  return { severity: 'blocker', code, sentence, where, line, mend };
}

export function warning(code: string, { where, line = null }: At, sentence: string, mend: string | null): Draft {
  return { severity: 'warning', code, sentence, where, line, mend };
}

export const LOOK_YOURSELF = 'Look at it yourself: what it needs of a server cannot be exported.';

/** What a route file exports by a name, wherever that is declared. */
export const exported = ({ file }: RouteFile, name: string, { modules }: App): Export =>
  findExport(file, name, modules);

export const has = (route: RouteFile, name: string, app: App): boolean => exported(route, name, app).is !== 'none';

/** Where an export stands; null where there is none. */
export function placeOf(found: Export): At | null {
  return found.is === 'none' ? null : { where: found.file, line: found.line };
}

/** What a route file exports as a constant: `export const dynamic = 'force-static'`. Not known: no plain value. */
export interface Setting {
  known: boolean;
  value: unknown;
  at: At;
}

export function setting(route: RouteFile, name: string, app: App): Setting | null {
  const found = exported(route, name, app);
  const at = placeOf(found);
  if (!at) return null;
  const known = found.is === 'here' && found.facts.values.has(found.name) && found.name === name;
  return { known, value: known ? found.facts.values.get(name) : undefined, at };
}

/** The innermost `dynamic` counts: the file's own, or that of the nearest layout around it. */
export function dynamicOf(route: RouteFile, app: App): unknown {
  for (const each of [route, ...framesOf(route, app.frames)]) {
    const found = setting(each, 'dynamic', app);
    if (found) return found.value;
  }
  return undefined;
}
