import { Markdown } from '@/components/docs/markdown';
import type { LexedReadme } from '@/lib/gallery/model/readme';
import type { DocLink } from '@/lib/site-docs/model/places';

/** Only to the open web, and to a heading; a package's own files and pictures are not shown. */
function resolve(href: string): DocLink {
  if (href.startsWith('#')) return { to: 'here', hash: href.slice(1) };
  return /^https:\/\//i.test(href) && URL.canParse(href) ? { to: 'outside', href } : { to: 'source' };
}

/** A README of a package, in our own elements: no HTML of it becomes one, and nothing of it is loaded. */
export function Readme({ readme }: { readme: LexedReadme }) {
  return (
    <article className="grid min-w-0 gap-3 text-sm">
      {'plain' in readme ? (
        <>
          <p className="text-ink-soft">
            This README takes too long to draw, or goes too deep, so here is its text as it is written.
          </p>
          <pre className="whitespace-pre-wrap [overflow-wrap:anywhere]">{readme.plain}</pre>
        </>
      ) : (
        <div>
          <Markdown tokens={readme.tokens} resolve={resolve} />
        </div>
      )}
      {readme.isCut ? <p className="text-ink-soft">It is longer than this; the package has all of it.</p> : null}
    </article>
  );
}
