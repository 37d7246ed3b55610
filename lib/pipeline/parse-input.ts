import type { z } from 'zod';
import { ServiceError } from '@/lib/kernel/errors';
import { invalidInput } from './refusal';

const MAX_DEPTH = 16;
const MAX_PARTS = 20_000;

const TOO_LARGE = 'This is more than any form of this console sends. Send less at once.';
const NOT_TEXT = 'Leave out characters that are no text, such as NUL and halves of pairs.';

function problem(path: string, sentence: string): ServiceError {
  const field = path.slice(0, 100) || 'form';
  return new ServiceError('invalid', 'invalid_input', `Check “${field}”: ${sentence}`, { [field]: sentence });
}

function requireText(text: string, path: string): void {
  if (text.includes('\u0000') || !text.isWellFormed()) throw problem(path, NOT_TEXT);
}

interface Part {
  value: unknown;
  path: string;
  depth: number;
}

function partsOf({ value, path, depth }: Part): Part[] {
  return Object.entries(value as object).map(([key, item]) => {
    requireText(key, path);
    return { value: item, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 };
  });
}

/** What a database cannot keep, and what no form sends: asked of every input before its own schema. */
function requireStorable(raw: unknown): void {
  const seen = new Set<object>();
  const left: Part[] = [{ value: raw, path: '', depth: 0 }];
  for (let part = left.pop(); part; part = left.pop()) {
    const { value, path, depth } = part;
    if (typeof value === 'string') requireText(value, path);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    const inside = partsOf(part);
    if (depth >= MAX_DEPTH || left.length + seen.size + inside.length > MAX_PARTS) throw problem(path, TOO_LARGE);
    for (const each of inside) left.push(each);
  }
}

/** The input as its schema reads it. Throws `ServiceError` `invalid_input` with the fields that are wrong. */
export function parseInput<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  requireStorable(raw);
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}
