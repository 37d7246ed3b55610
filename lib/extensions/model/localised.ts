/** `%displayName%`: the words stand in package.nls.json under that name. */
const PLACEHOLDER = /^%([^%\s]{1,200})%$/;

export const isPlaceholder = (text: unknown): text is string =>
  typeof text === 'string' && PLACEHOLDER.test(text.trim());

/** Where the words of a localised extension are: what vsce wrote down resolved, and package.nls.json. */
export interface Words {
  displayName: string | null;
  description: string | null;
  /** package.nls.json as parsed; anything else than an object has no words. */
  nls: unknown;
}

/**
 * package.json with words in the place of `%displayName%` and `%description%`. What has no words anywhere is left out, so
 * that the extension goes by its name.
 */
export function localised(manifest: Record<string, unknown>, words: Words): Record<string, unknown> {
  const named = { displayName: words.displayName, description: words.description };
  const changes = Object.entries(named).flatMap(([field, said]): [string, string | undefined][] => {
    const written = manifest[field];
    if (!isPlaceholder(written)) return [];
    const found = said !== null && said !== '' && !isPlaceholder(said) ? said : wordOf(written, words.nls);
    return [[field, found]];
  });
  const whole = { ...manifest, ...Object.fromEntries(changes) };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
}

/** A word, or an object with it as `message`. Source: vscode-nls, `package.nls.json` of microsoft/vscode. */
function wordOf(placeholder: string, nls: unknown): string | undefined {
  const [, key = ''] = PLACEHOLDER.exec(placeholder.trim()) ?? [];
  if (typeof nls !== 'object' || nls === null || !Object.hasOwn(nls, key)) return undefined;
  const value = (nls as Record<string, unknown>)[key];
  const word = typeof value === 'object' && value !== null ? (value as { message?: unknown }).message : value;
  return typeof word === 'string' && word.trim() !== ''
    ? word.replaceAll('\u0000', '\uFFFD').toWellFormed()
    : undefined;
}
