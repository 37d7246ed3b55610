/**
 * package.json with another version and every other character as it was: the value of the one `version` at the top is
 * exchanged. Null where there is none, more than one, or one that is not text.
 */
export function withVersion(json: string, version: string): string | null {
  const found = versionsIn(json);
  const [place, ...more] = found;
  if (!place || more.length > 0 || json[place.from] !== '"') return null;
  return json.slice(0, place.from) + JSON.stringify(version) + json.slice(place.to);
}

interface Span {
  from: number;
  to: number;
}

/** Where the values of `version` at the top stand, quotes included. The text was parsed as JSON before. */
function versionsIn(json: string): Span[] {
  const found: Span[] = [];
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') {
      const end = endOfText(json, at);
      const value = depth === 1 ? valueBehind(json, end) : null;
      if (value !== null && nameOf(json.slice(at, end)) === 'version')
        found.push({ from: value, to: json[value] === '"' ? endOfText(json, value) : value });
      at = end - 1;
    } else if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') depth--;
  }
  return found;
}

/** Behind the quote that closes the one at `at`. */
function endOfText(json: string, at: number): number {
  for (let next = at + 1; next < json.length; next++) {
    if (json[next] === '\\') next++;
    else if (json[next] === '"') return next + 1;
  }
  return json.length;
}

/** Where the value begins, when what ends here was a name; null when it was a value itself. */
function valueBehind(json: string, end: number): number | null {
  const [colon = null] = /^\s*:\s*/.exec(json.slice(end, end + 1_000)) ?? [];
  return colon === null ? null : end + colon.length;
}

/** A name may be written with escapes. */
function nameOf(quoted: string): unknown {
  try {
    return JSON.parse(quoted);
  } catch {
    return null;
  }
}
