import type { COMPONENT_KINDS } from './schemas';

export interface ComponentSummary {
  id: string;
  slug: string;
  name: string;
  kind: (typeof COMPONENT_KINDS)[number];
  description: string;
  paths: string[];
  position: number;
  /** How many targets it has, whether or not the reader may see them. */
  targets: number;
}
