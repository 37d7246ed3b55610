import { type ProviderContext, RENDERING_MODES, type RenderingMode, type RenderingSetting } from '../port';
import { manifest } from './manifest';
import { endsAtPages } from './pages-workflow';
import { findRef } from './refs';
import { pagesServes } from './static-host';
import type { Place } from './target';
import { fileAt, readForm } from './workflows';

const { name } = manifest.capabilities.rendering;
const SNIPPET = `${name}: { type: choice, options: [ssr, ssg], default: ssr }`;

/** Nothing is kept at GitHub: each start says it. What counts is that the workflow of the ref asks, and what it takes for unsaid. */
export async function readRendering(c: ProviderContext, place: Place, ref: string): Promise<RenderingSetting> {
  const { sha } = await findRef(c, place, ref);
  const form = await readForm(c, place, sha);
  const { text } = await fileAt(c, place, sha);
  const serves = endsAtPages(text, place.workflow) ? await pagesServes(c, place) : undefined;
  const field = [...form.fields, ...(form.fixed ?? [])].find((each) => each.name === name);
  const where = `the input “${name}” of ${form.source.path}`;
  const { url } = form.source;
  if (!field && serves) {
    const sentence = `${form.source.path} on ${ref} hands its build to GitHub Pages, which serves files only: it is SSG whatever is asked, and there is nothing to switch here. For SSR, bind the target to a host with a server.`;
    return {
      mode: 'ssg',
      raw: 'files only',
      where: form.source.path,
      url,
      serves,
      obstacle: { code: 'files_only', sentence },
    };
  }
  if (!field) {
    const sentence = `${form.source.path} on ${ref} has no input called “${name}”. Add ${SNIPPET} under workflow_dispatch, and have the build obey it.`;
    return {
      mode: null,
      raw: '(no such input)',
      where,
      url,
      serves,
      obstacle: { code: 'no_rendering_input', sentence },
    };
  }
  const missing = field.options.length === 0 ? [] : RENDERING_MODES.filter((mode) => !field.options.includes(mode));
  const [, fixed] = Object.entries(place.inputs ?? {}).find(([each]) => each.toLowerCase() === name) ?? [];
  const raw = String(fixed ?? field.default ?? '(no default)');
  const mode = RENDERING_MODES.find((each): each is RenderingMode => each === raw) ?? null;
  const obstacle = missing.length === 0 ? null : lacks(form.source.path, missing);
  return { mode, raw, where, url, serves, obstacle, ...(fixed !== undefined && { isFixed: true }) };
}

function lacks(path: string, missing: readonly string[]) {
  const sentence = `The input “${name}” of ${path} does not offer ${missing.join(' and ')}. Add it to its options.`;
  return { code: 'mode_not_offered', sentence };
}
