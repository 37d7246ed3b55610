/** `a/b` and `../c` → `a/c`; what leaves the folder keeps its `..`. */
export function joined(folder: string, path: string): string {
  const segments: string[] = [];
  for (const each of `${folder}/${path}`.split('/')) {
    if (each === '' || each === '.') continue;
    if (each === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else segments.push(each);
  }
  return segments.join('/');
}

export const folderOf = (file: string) => file.slice(0, Math.max(0, file.lastIndexOf('/')));

const ENDINGS = ['tsx', 'ts', 'jsx', 'js', 'mts', 'mjs', 'cts', 'cjs'];

/** The file itself: with an ending, as the index of a folder, or `.js` written for `.ts`. Null: none is there. */
export function fileFor(meant: string, files: ReadonlySet<string>): string | null {
  if (files.has(meant)) return meant;
  const written = meant.replace(/\.([cm]?)js(x?)$/, '');
  const stems = written === meant ? [meant] : [meant, written];
  for (const stem of stems)
    for (const ending of ENDINGS) {
      if (files.has(`${stem}.${ending}`)) return `${stem}.${ending}`;
      const index = stem === '' ? `index.${ending}` : `${stem}/index.${ending}`;
      if (files.has(index)) return index;
    }
  return null;
}
