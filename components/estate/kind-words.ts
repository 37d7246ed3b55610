import type { ComponentSummary } from '@/lib/components/model/view';

type Kind = ComponentSummary['kind'];

export const KIND_WORDS = {
  backend: 'Backend',
  extension: 'Extension',
  dashboard: 'Dashboard or web app',
  docs: 'Documentation',
  other: 'Something else',
} as const satisfies Record<Kind, string>;

/** Not read from the schema: that would bring its library to the browser. */
export const KINDS = Object.keys(KIND_WORDS) as Kind[];
