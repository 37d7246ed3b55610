import type { MarkedToken, Token, Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { Link } from '@/components/ui/link';
import { type DocLink, docPath, headingId } from '@/lib/site-docs/model/places';
import { CodeBlock, DocTable, Heading, ListItem, Picture } from './markdown-parts';

export interface MarkdownProps {
  tokens: readonly Token[];
  /** Where a link or a picture of this document leads. */
  resolve: (href: string) => DocLink;
  /** Of each heading; made from all of them when left out. */
  ids?: ReadonlyMap<Token, string>;
}

const LINK = 'text-accent underline decoration-line-strong underline-offset-3 hover:decoration-current';

/** A document, taken apart by marked, in our own elements. No text of it becomes HTML by itself. */
export function Markdown({ tokens, resolve, ids = headingIds(tokens) }: MarkdownProps) {
  return tokens.map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a document does not move.
    <Fragment key={at}>{draw(token as MarkedToken, resolve, ids)}</Fragment>
  ));
}

type Draw = { [T in MarkedToken['type']]?: (token: Extract<MarkedToken, { type: T }>, inside: Inside) => ReactNode };
interface Inside {
  resolve: MarkdownProps['resolve'];
  ids: ReadonlyMap<Token, string>;
  children: (tokens: readonly Token[] | undefined) => ReactNode;
}

function draw(token: MarkedToken, resolve: MarkdownProps['resolve'], ids: Inside['ids']): ReactNode {
  const children = (tokens: readonly Token[] | undefined) => (
    <Markdown tokens={tokens ?? []} resolve={resolve} ids={ids} />
  );
  const drawn = ELEMENTS[token.type] as ((token: MarkedToken, inside: Inside) => ReactNode) | undefined;
  return drawn?.(token, { resolve, ids, children }) ?? null;
}

const ELEMENTS: Draw = {
  heading: (token, { ids, children }) => (
    <Heading depth={token.depth} id={ids.get(token) ?? headingId(token.text)}>
      {children(token.tokens)}
    </Heading>
  ),
  paragraph: ({ tokens }, { children }) => <p className="my-3 max-w-prose text-pretty leading-6">{children(tokens)}</p>,
  text: (token, { children }) => ('tokens' in token && token.tokens ? children(token.tokens) : plain(token.text)),
  escape: ({ text }) => plain(text),
  strong: ({ tokens }, { children }) => <strong className="font-semibold">{children(tokens)}</strong>,
  em: ({ tokens }, { children }) => <em>{children(tokens)}</em>,
  del: ({ tokens }, { children }) => <del>{children(tokens)}</del>,
  codespan: ({ text }) => (
    <code className="rounded bg-raised px-1 py-px text-[0.9em] [overflow-wrap:anywhere]">{text}</code>
  ),
  code: ({ text }) => <CodeBlock text={text} />,
  br: () => <br />,
  // No HTML of a document is taken over; a break is one all the same.
  html: ({ text }) => (/^<br\s*\/?>\s*$/i.test(text) ? <br /> : null),
  hr: () => <hr className="my-6" />,
  blockquote: ({ tokens }, { children }) => (
    <blockquote className="my-3 border-l-2 border-line-strong pl-4 text-ink-soft">{children(tokens)}</blockquote>
  ),
  list: ({ ordered, start, items }, { children }) => {
    const List = ordered ? 'ol' : 'ul';
    return (
      <List
        {...(ordered && typeof start === 'number' && start !== 1 ? { start } : {})}
        className={`my-3 grid max-w-prose gap-1.5 pl-5 ${ordered ? 'list-decimal' : 'list-disc'}`}
      >
        {items.map((item, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a document does not move.
          <ListItem key={at}>{children(item.tokens)}</ListItem>
        ))}
      </List>
    );
  },
  table: ({ header, rows }, { children }) => (
    <DocTable
      head={header.map(({ tokens }) => children(tokens))}
      rows={rows.map((row) => row.map(({ tokens }) => children(tokens)))}
    />
  ),
  link: (token, inside) => link(token, inside),
  image: ({ href, text }, { resolve }) => {
    const to = resolve(href);
    return to.to === 'picture' ? <Picture path={to.path} words={text} /> : plain(text);
  },
};

function link({ href, tokens }: Tokens.Link, { resolve, children }: Inside): ReactNode {
  const to = resolve(href);
  switch (to.to) {
    case 'page':
      return (
        <Link href={`${docPath(to.slug)}${to.hash ? `#${to.hash}` : ''}`} className={LINK} prefetch={false}>
          {children(tokens)}
        </Link>
      );
    case 'here':
      return (
        <a href={`#${to.hash}`} className={LINK}>
          {children(tokens)}
        </a>
      );
    case 'outside':
      return (
        <a href={to.href} className={LINK} rel="noreferrer">
          {children(tokens)}
        </a>
      );
    default:
      return children(tokens);
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" },
  ...{ nbsp: '\u00a0', copy: '©', hellip: '…', ndash: '–', mdash: '—', rarr: '→' },
};

/** Names of signs that are meant as such outside of code; marked leaves them as they are written, and React escapes. */
function plain(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) =>
    Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole,
  );
}

/** Two alike are told apart by a number, as GitHub does. */
function headingIds(tokens: readonly Token[]): Map<Token, string> {
  const ids = new Map<Token, string>();
  const taken = new Map<string, number>();
  const walk = (all: readonly Token[]) => {
    for (const token of all) {
      if (token.type === 'heading') {
        const id = headingId(token.text);
        const before = taken.get(id) ?? 0;
        taken.set(id, before + 1);
        ids.set(token, before === 0 ? id : `${id}-${before}`);
      }
      if ('tokens' in token && token.type !== 'paragraph') walk(token.tokens ?? []);
      if (token.type === 'list') walk((token as Tokens.List).items);
    }
  };
  walk(tokens);
  return ids;
}
