import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { EVERYTHING, readSearchText } from '../model/query';
import type { galleryListInput } from '../model/schemas';
import { search } from '../model/search';
import type { GalleryListView } from '../model/view';
import { readExtensions } from './catalogue';

const PAGE = 30;

/** What can be installed, as the console shows it: searched like an editor does, the most fetched first. */
export async function listGallery(
  ctx: ServiceContext,
  input: z.output<typeof galleryListInput>,
): Promise<GalleryListView> {
  const all = await readExtensions(ctx.db, EVERYTHING);
  const text = readSearchText(input.text);
  const categories = [...text.categories, ...(input.category ? [input.category.toLowerCase()] : [])];
  const query = { ...EVERYTHING, ...text, categories, size: PAGE, offset: (input.page - 1) * PAGE };
  const { extensions, total } = search(query, all);
  return {
    rows: extensions.map(({ namespace, name, latest, counts }) => ({
      ...{ namespace, name, counts },
      displayName: latest.listing.displayName,
      description: latest.listing.description,
      categories: latest.listing.categories,
      version: latest.version,
      prerelease: latest.prerelease,
      updatedAt: latest.publishedAt,
    })),
    total,
    page: input.page,
    pages: Math.max(1, Math.ceil(total / PAGE)),
    categories: [...new Set(all.flatMap(({ latest }) => latest.listing.categories))].sort(),
  };
}
