const MENTION = /\binputs(?:\.([A-Za-z_][\w-]*)|\[\s*'([^']{1,100})'\s*\])/g;

/** The names of the inputs that the `${{ … }}` expressions of a text use, as `inputs.x` or `github.event.inputs.x`. */
export function inputsUsedIn(text: string): Set<string> {
  const names = new Set<string>();
  for (let at = text.indexOf('${{'); at >= 0; at = text.indexOf('${{', at)) {
    const end = text.indexOf('}}', at);
    if (end < 0) break;
    for (const found of text.slice(at, end).matchAll(MENTION)) names.add(found[1] ?? found[2] ?? '');
    at = end;
  }
  return names;
}
