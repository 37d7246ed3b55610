import { lexer } from 'marked';
import { Markdown } from '@/components/docs/markdown';
import type { DocLink } from '@/lib/site-docs/model/places';

/** Only to the open web, and to a heading; a package's own files and pictures are not shown. */
function resolve(href: string): DocLink {
  if (href.startsWith('#')) return { to: 'here', hash: href.slice(1) };
  return /^https:\/\//i.test(href) && URL.canParse(href) ? { to: 'outside', href } : { to: 'source' };
}

const MOST = 200_000;

/** A README of a package, in our own elements: no HTML of it becomes one, and nothing of it is loaded. */
export function Readme({ text }: { text: string }) {
  return (
    <article className="min-w-0 text-sm">
      <Markdown tokens={lexer(text.slice(0, MOST))} resolve={resolve} />
    </article>
  );
}
