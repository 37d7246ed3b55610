import { type ClassValue, clsx } from 'clsx';
import { properties } from './class-properties';

/** `sm:hover:px-2!` is the class `px-2`, for its own variants. */
function split(token: string): { variants: string; name: string } {
  let depth = 0;
  let start = 0;
  for (let at = 0; at < token.length; at++) {
    const char = token[at];
    if (char === '[' || char === '(') depth += 1;
    else if (char === ']' || char === ')') depth -= 1;
    else if (char === ':' && depth === 0) start = at + 1;
  }
  const important = token.endsWith('!');
  return {
    variants: `${token.slice(0, start)}${important ? '!' : ''}`,
    name: important ? token.slice(start, -1) : token.slice(start),
  };
}

/**
 * Joins class names; a later Tailwind class wins over an earlier one of the same property. It knows the properties in
 * `class-properties.ts`; anything else only stands beside what is there.
 */
export function cn(...classes: ClassValue[]): string {
  const taken = new Set<string>();
  const kept: string[] = [];
  for (const token of clsx(classes).split(/\s+/).reverse()) {
    if (token === '') continue;
    const { variants, name } = split(token);
    const { sets, covers } = properties(name);
    if (sets !== null && taken.has(variants + sets)) continue;
    for (const property of covers) taken.add(variants + property);
    kept.push(token);
  }
  return kept.reverse().join(' ');
}
