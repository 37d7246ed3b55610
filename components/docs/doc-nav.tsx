import { cn } from '@/components/ui/cn';
import { Link } from '@/components/ui/link';
import { docPath } from '@/lib/site-docs/model/places';

interface DocNavProps {
  pages: readonly { slug: readonly string[]; title: string }[];
  /** The address that is open, below /docs. */
  open: string;
}

/** The documents, folded away where there is no room beside the text. */
export function DocNav({ pages, open }: DocNavProps) {
  return (
    <nav aria-label="Documents" className="text-sm lg:w-56 lg:shrink-0">
      <details className="lg:hidden">
        <summary className="rounded-md border border-line px-3 py-2 font-medium">Documents</summary>
        <DocLinks pages={pages} open={open} />
      </details>
      <div className="max-lg:hidden">
        <DocLinks pages={pages} open={open} />
      </div>
    </nav>
  );
}

function DocLinks({ pages, open }: DocNavProps) {
  return (
    <ul className="grid gap-px py-2 lg:py-0">
      {pages.map(({ slug, title }) => {
        const here = slug.join('/') === open;
        return (
          <li key={slug.join('/')}>
            <Link
              href={docPath(slug)}
              prefetch={false}
              aria-current={here ? 'page' : undefined}
              className={cn(
                'block rounded px-2 py-1 text-ink-soft hover:bg-raised hover:text-ink',
                here && 'bg-raised font-medium text-ink',
              )}
            >
              {title}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
