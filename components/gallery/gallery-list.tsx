import { Puzzle, Search } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Input, NativeSelect } from '@/components/ui/input';
import { Link } from '@/components/ui/link';
import { Pagination } from '@/components/ui/pagination';
import { RelativeTime } from '@/components/ui/relative-time';
import type { GalleryListView, GalleryRow } from '@/lib/gallery/model/view';

export interface GalleryListProps {
  view: GalleryListView;
  text: string;
  category: string;
}

function hrefOf(text: string, category: string, page: number): string {
  const query = new URLSearchParams();
  if (text) query.set('text', text);
  if (category) query.set('category', category);
  if (page > 1) query.set('page', String(page));
  return `/gallery${query.size > 0 ? `?${query}` : ''}`;
}

/** What editors find, searched in the same way. Works without scripts: it is a form and links. */
export function GalleryList({ view, text, category }: GalleryListProps) {
  const { rows, total, page, pages } = view;
  const searched = text !== '' || category !== '';
  return (
    <div className="grid gap-4">
      <form action="/gallery" className="flex flex-wrap items-end gap-2">
        <Input
          name="text"
          defaultValue={text}
          aria-label="Search the gallery"
          placeholder="Name, tag:… or publisher:…"
          maxLength={200}
          className="min-w-0 flex-1 basis-56"
        />
        <NativeSelect name="category" defaultValue={category} aria-label="Category" className="basis-44">
          <option value="">All categories</option>
          {view.categories.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </NativeSelect>
        <Button type="submit" icon={<Search aria-hidden />}>
          Search
        </Button>
      </form>
      <div className="rounded-lg border border-line bg-surface">
        {rows.length === 0 ? (
          <Nothing searched={searched} />
        ) : (
          <ul className="divide-y divide-line">
            {rows.map((row) => (
              <Line key={`${row.namespace}.${row.name}`} row={row} />
            ))}
          </ul>
        )}
      </div>
      {pages > 1 ? (
        <Pagination
          label="Gallery"
          previousHref={page > 1 ? hrefOf(text, category, page - 1) : null}
          nextHref={page < pages ? hrefOf(text, category, page + 1) : null}
          summary={`Page ${page} of ${pages}, ${total} extensions`}
        />
      ) : null}
    </div>
  );
}

function Nothing({ searched }: { searched: boolean }) {
  return searched ? (
    <EmptyState
      icon={<Search aria-hidden />}
      title="Nothing fits"
      action={<ButtonLink href="/gallery">Show all</ButtonLink>}
    >
      All words have to occur in the name, the description or the tags.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<Puzzle aria-hidden />}
      title="The gallery is empty"
      action={<ButtonLink href="/gallery/tokens">Tokens and namespaces</ButtonLink>}
    >
      Make a namespace called like your publisher, then publish a package from Extensions or with ovsx.
    </EmptyState>
  );
}

function Line({ row }: { row: GalleryRow }) {
  const { namespace, name, counts } = row;
  return (
    <li className="relative grid gap-1 px-4 py-3 hover:bg-raised/60">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <Link
          href={`/gallery/${namespace}/${name}`}
          className="font-medium after:absolute after:inset-0 hover:underline"
        >
          {row.displayName}
        </Link>
        <span className="min-w-0 break-all text-xs text-ink-faint">
          {namespace}.{name}
        </span>
        <Badge>{row.version}</Badge>
        {row.prerelease ? <Badge variant="accent">pre-release</Badge> : null}
      </span>
      {row.description ? <span className="max-w-prose text-sm text-ink-soft">{row.description}</span> : null}
      <span className="text-xs text-ink-faint">
        {counts.install + counts.download} fetched, {counts.update} updated · published{' '}
        <RelativeTime at={row.updatedAt} />
        {row.categories.length > 0 ? ` · ${row.categories.join(', ')}` : ''}
      </span>
    </li>
  );
}
