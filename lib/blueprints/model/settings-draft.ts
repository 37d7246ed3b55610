import { fieldsOf, type SettingField } from './settings-fields';

/** What a form holds: by path, as it was typed. A path that nobody has filled in is not there. */
export type SettingsDraft = Readonly<Record<string, string>>;

/** The settings as a form holds them; null for what is no settings of a kind that has blueprints. */
export function draftOf(settings: unknown): SettingsDraft | null {
  const kind = at(settings, 'kind');
  const fields = typeof kind === 'string' ? fieldsOf(kind) : [];
  if (fields.length === 0) return null;
  const rows = fields.flatMap(({ path, as }) => {
    const value = at(settings, path);
    return value === undefined ? [] : [[path, textOf(value, as)] as const];
  });
  return Object.fromEntries(rows);
}

/** What the form stands for. A value that does not fit its field stays as it was typed, for the schema to refuse. */
export function settingsOf(draft: SettingsDraft): object {
  const settings: Record<string, unknown> = {};
  for (const field of fieldsOf(draft.kind)) {
    const text = draft[field.path];
    if (text === undefined || isElsewhere(field, draft)) continue;
    const value = meaningOf(text, field);
    const [first = '', second] = field.path.split('.');
    if (value === undefined) continue;
    if (second === undefined) settings[first] = value;
    else settings[first] = { ...(settings[first] as object | undefined), [second]: value };
  }
  return settings;
}

export function isShown({ when }: SettingField, draft: SettingsDraft): boolean {
  return when === undefined || when.is.includes(draft[when.path] ?? '');
}

/** JSON that is one object, or null. */
export function objectIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Belongs to another choice of the same part (`registry.account` without ECR), where the schema knows no such key. */
function isElsewhere(field: SettingField, draft: SettingsDraft): boolean {
  const [part, key] = field.path.split('.');
  return key !== undefined && field.when?.path.split('.')[0] === part && !isShown(field, draft);
}

function at(settings: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      settings,
    );
}

function textOf(value: unknown, as: SettingField['as']): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && (as === 'lines' || as === 'several')) return value.map(String).join('\n');
  if (as === 'pairs')
    return Object.entries(value)
      .map(([name, each]) => `${name}=${String(each)}`)
      .join('\n');
  return JSON.stringify(value);
}

function meaningOf(text: string, field: SettingField): unknown {
  switch (field.as) {
    case 'number':
      return /^\s*-?\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : text;
    case 'switch':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'lines':
    case 'several':
      return linesOf(text);
    case 'pairs':
      return Object.fromEntries(linesOf(text).map(pairOf));
    case 'text':
      if (text.trim() !== '' || field.empty === undefined) return text;
      return field.empty === 'null' ? null : undefined;
    default:
      return text;
  }
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function pairOf(line: string): [string, string] {
  const sign = line.indexOf('=');
  return sign < 0 ? [line, ''] : [line.slice(0, sign).trim(), line.slice(sign + 1).trim()];
}
