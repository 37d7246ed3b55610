import { DocNav } from '@/components/docs/doc-nav';
import { Markdown } from '@/components/docs/markdown';
import { Link } from '@/components/ui/link';
import { DECISIONS, docPath, resolveLink, slugOf } from '@/lib/site-docs/model/places';
import { listDecisions, listDocs, readDoc } from '@/lib/site-docs/server';

export const DECISIONS_SLUG = slugOf(`${DECISIONS}.md`);

/** One document beside the list of all; the decisions have a list of their own. */
export function DocScreen({ slug }: { slug: readonly string[] }) {
  const docs = listDocs();
  const decisions = { slug: DECISIONS_SLUG, title: 'Decisions' };
  const pages = [...docs.filter(({ file }) => !file.startsWith(`${DECISIONS}/`)), decisions];
  return (
    <div className="flex flex-col gap-8 lg:flex-row">
      <DocNav pages={pages} open={slug.join('/')} />
      <article className="min-w-0 flex-1 text-base">
        {slug.join('/') === DECISIONS_SLUG.join('/') ? <Decisions /> : <Document slug={slug} />}
      </article>
    </div>
  );
}

function Document({ slug }: { slug: readonly string[] }) {
  const doc = readDoc(slug);
  if (!doc) return null;
  const files = new Set(listDocs().map(({ file }) => file));
  return <Markdown tokens={doc.tokens} resolve={(href) => resolveLink(doc.file, href, files)} />;
}

function Decisions() {
  return (
    <>
      <h1 className="mb-4 text-2xl font-semibold tracking-[-0.011em]">Decisions</h1>
      <ul className="grid gap-1.5">
        {listDecisions().map(({ slug, title }) => (
          <li key={slug.join('/')}>
            <Link href={docPath(slug)} className="text-accent hover:underline" prefetch={false}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
