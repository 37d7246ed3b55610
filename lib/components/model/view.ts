import type { ComponentImage } from './image-source';
import type { COMPONENT_KINDS } from './schemas';

export interface ComponentSummary {
  id: string;
  slug: string;
  name: string;
  kind: (typeof COMPONENT_KINDS)[number];
  description: string;
  paths: string[];
  position: number;
  /** Where its images are read; null when it has none. */
  image: ComponentImage | null;
  /** How many targets it has, whether or not the reader may see them. */
  targets: number;
}
