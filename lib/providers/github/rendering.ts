import { type ProviderContext, RENDERING_MODES, type RenderingMode, type RenderingSetting } from '../port';
import { manifest } from './manifest';
import { findRef } from './refs';
import type { Place } from './target';
import { readForm } from './workflows';

const { name } = manifest.capabilities.rendering;
const SNIPPET = `${name}: { type: choice, options: [ssr, ssg], default: ssr }`;

/** Nothing is kept at GitHub: each start says it. What counts is that the workflow of the ref asks, and what it takes for unsaid. */
export async function readRendering(c: ProviderContext, place: Place, ref: string): Promise<RenderingSetting> {
  const form = await readForm(c, place, (await findRef(c, place, ref)).sha);
  const field = form.fields.find((each) => each.name === name);
  const where = `the input “${name}” of ${form.source.path}`;
  const { url } = form.source;
  if (!field) {
    const sentence = `${form.source.path} on ${ref} has no input called “${name}”. Add ${SNIPPET} under workflow_dispatch, and have the build obey it.`;
    return { mode: null, raw: '(no such input)', where, url, obstacle: { code: 'no_rendering_input', sentence } };
  }
  const missing = field.options.length === 0 ? [] : RENDERING_MODES.filter((mode) => !field.options.includes(mode));
  const fixed = place.inputs?.[name];
  const raw = String(fixed ?? field.default ?? '(no default)');
  const mode = RENDERING_MODES.find((each): each is RenderingMode => each === raw) ?? null;
  return { mode, raw, where, url, obstacle: missing.length === 0 ? null : lacks(form.source.path, missing) };
}

function lacks(path: string, missing: readonly string[]) {
  const sentence = `The input “${name}” of ${path} does not offer ${missing.join(' and ')}. Add it to its options.`;
  return { code: 'mode_not_offered', sentence };
}
