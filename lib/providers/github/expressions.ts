import { inputOf, sidesOf, templateOf, writtenText } from './expression-tree';

const MENTION = /\binputs(?:\.([A-Za-z_][\w-]*)|\[\s*'([^']{1,100})'\s*\])/g;

const ONE =
  /^\$\{\{\s*(github\.event\.)?(inputs|vars)(?:\.([A-Za-z_][\w-]*)|\[\s*'([^']{1,100})'\s*\])\s*(?:\|\|\s*'((?:[^']|'')*)'\s*)?\}\}$/i;

/** One input or variable, and the text behind `||` that stands for it while it is empty. */
export interface OneValue {
  store: 'inputs' | 'vars';
  name: string;
  /** Written as `github.event.inputs.…`: of the form that the run was started with. */
  isOfEvent: boolean;
  /** Null where nothing stands behind it. */
  otherwise: string | null;
}

/** A text that is nothing but one input or variable, with or without a fixed text behind it; null for any other. */
export function oneValue(text: string): OneValue | null {
  const [all, event, store = '', plain, quoted, otherwise] = ONE.exec(text.trim()) ?? [];
  if (all === undefined || (event && store.toLowerCase() !== 'inputs')) return null;
  return {
    store: store.toLowerCase() === 'vars' ? 'vars' : 'inputs',
    name: plain ?? quoted ?? '',
    isOfEvent: event !== undefined,
    otherwise: otherwise?.replaceAll("''", "'") ?? null,
  };
}

/** What a text that is one expression, such as `inputs.x || (… && 'a' || 'b')`, may come to: inputs, and texts of its own. */
export function mayBe(text: string): { inputs: string[]; texts: string[] } {
  const [only, ...more] = templateOf(text.trim()) ?? [];
  if (only === undefined || typeof only === 'string' || more.length > 0) return { inputs: [], texts: [] };
  const sides = sidesOf(only);
  const distinct = (names: (string | null)[]) => [...new Set(names.filter((each) => each !== null))];
  return { inputs: distinct(sides.map(inputOf)), texts: distinct(sides.map(writtenText)) };
}

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
