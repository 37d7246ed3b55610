/** The error of a field, or of the first entry inside it (`paths.2` for `paths`). */
export function errorOf(fields: Record<string, string>, name: string): string | undefined {
  return fields[name] ?? Object.entries(fields).find(([path]) => path.startsWith(`${name}.`))?.[1];
}

/** A short name for a long one: "Web App 2" → `web-app-2`; empty when nothing of it can be used. */
export function slugFrom(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

/** Folders as they are typed, one a line. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** An empty field is no number at all: the schema says so in words. */
export function numberFrom(value: FormDataEntryValue | null): number {
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** What was typed, or `otherwise` for an empty field. */
export function textOr<T>(value: FormDataEntryValue | null, otherwise: T): string | T {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? otherwise : text;
}
