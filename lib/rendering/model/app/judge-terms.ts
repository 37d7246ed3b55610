import type { Finding } from '../preflight';
import type { App } from './app';
import type { Value } from './constant';
import type { ModuleFacts } from './facts';
import { framesOf, type RouteFile } from './routes';

/** A finding before it is listed; `where` is relative to the app's folder. */
export type Draft = Finding & { severity: 'blocker' | 'warning' };

type At = { where: string | null; line?: number | null };

export function blocker(code: string, { where, line = null }: At, sentence: string, mend: string): Draft {
  return { severity: 'blocker', code, sentence, where, line, mend };
}

export function warning(code: string, { where, line = null }: At, sentence: string, mend: string | null): Draft {
  return { severity: 'warning', code, sentence, where, line, mend };
}

export const factsOf = (file: string, { modules }: App): ModuleFacts | null => modules.facts.get(file) ?? null;

/** What a file exports as a constant: `export const dynamic = 'force-static'`. */
export function setting(facts: ModuleFacts | null, name: string): { value: unknown; line: number } | null {
  const found = facts?.values.get(name);
  return found && found.value.kind === 'literal' ? { value: found.value.value, line: found.line } : null;
}

/** Whether a file exports a name, itself or from elsewhere. */
export const has = (facts: ModuleFacts | null, name: string): boolean => facts?.exports.has(name) ?? false;

/** What a literal is; undefined for anything else. */
export const plain = (value: Value | undefined) => (value?.kind === 'literal' ? value.value : undefined);

/** The innermost `dynamic` counts: the file's own, or that of the nearest layout around it. */
export function dynamicOf(route: RouteFile, app: App): unknown {
  for (const { file } of [route, ...framesOf(route, app.frames)]) {
    const found = setting(factsOf(file, app), 'dynamic');
    if (found) return found.value;
  }
  return undefined;
}

/** Whether the values of `[slug]` are listed by the file or by a layout around it. */
export function listsParams(route: RouteFile, app: App): boolean {
  return [route, ...framesOf(route, app.frames)].some(({ file }) => has(factsOf(file, app), 'generateStaticParams'));
}
