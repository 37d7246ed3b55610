// Values that may not be shown, struck out of what is.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Shorter ones (`true`, `3000`) would strike out half of every line. */
const SHORTEST = 6;
/** A value has at most 65,536 bytes; encoded it is longer. */
const BEFORE = 4 * 65_536;

/** As it is, and as programs write it: in JSON, in an address, line by line. */
function waysOf(value) {
  const lines = value.includes('\n') ? value.split(/\r?\n/) : [];
  return [value, ...lines].flatMap((each) => [each, JSON.stringify(each).slice(1, -1), encoded(each)]);
}

function encoded(text) {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The text without these values. */
export function struck(text, values) {
  const ways = new Set(values.flatMap(waysOf).filter((way) => way.length >= SHORTEST));
  // A value may be the beginning of another.
  return [...ways].sort((a, b) => b.length - a.length).reduce((all, way) => all.replaceAll(way, '***'), text);
}

/** The last lines that a release wrote. Struck out before they are cut, so that no half of a value is left. */
export function tailOf(file, hidden = [], most = 4_096) {
  let handle;
  try {
    handle = openSync(file, 'r');
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, BEFORE + most));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return struck(bytes.toString('utf8'), hidden).slice(-most).trimEnd();
  } catch {
    return '';
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
