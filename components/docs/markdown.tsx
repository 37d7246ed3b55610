import type { MarkedToken, Token, Tokens } from 'marked';
import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import { type DocLink, docPath, headingId } from '@/lib/site-docs/model/places';
import { CodeBlock, DocTable, Heading, ListItem, Picture } from './markdown-parts';

export interface MarkdownProps {
  tokens: readonly Token[];
  /** Where a link or a picture of this document leads. */
  resolve: (href: string) => DocLink;
}

const LINK = 'text-accent underline decoration-line-strong underline-offset-3 hover:decoration-current';

/** A document, taken apart by marked, in our own elements. No text of it becomes HTML by itself. */
export function Markdown({ tokens, resolve }: MarkdownProps) {
  return tokens.map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a document does not move.
    <Fragment key={at}>{draw(token as MarkedToken, resolve)}</Fragment>
  ));
}

type Draw = { [T in MarkedToken['type']]?: (token: Extract<MarkedToken, { type: T }>, inside: Inside) => ReactNode };
interface Inside {
  resolve: MarkdownProps['resolve'];
  children: (tokens: readonly Token[] | undefined) => ReactNode;
}

function draw(token: MarkedToken, resolve: MarkdownProps['resolve']): ReactNode {
  const children = (tokens: readonly Token[] | undefined) => <Markdown tokens={tokens ?? []} resolve={resolve} />;
  const drawn = ELEMENTS[token.type] as ((token: MarkedToken, inside: Inside) => ReactNode) | undefined;
  return drawn?.(token, { resolve, children }) ?? null;
}

const ELEMENTS: Draw = {
  heading: ({ depth, text, tokens }, { children }) => (
    <Heading depth={depth} id={headingId(text)}>
      {children(tokens)}
    </Heading>
  ),
  paragraph: ({ tokens }, { children }) => <p className="my-3 max-w-prose text-pretty leading-6">{children(tokens)}</p>,
  text: (token, { children }) => ('tokens' in token && token.tokens ? children(token.tokens) : plain(token.text)),
  escape: ({ text }) => plain(text),
  strong: ({ tokens }, { children }) => <strong className="font-semibold">{children(tokens)}</strong>,
  em: ({ tokens }, { children }) => <em>{children(tokens)}</em>,
  del: ({ tokens }, { children }) => <del>{children(tokens)}</del>,
  codespan: ({ text }) => (
    <code className="rounded bg-raised px-1 py-px text-[0.9em] [overflow-wrap:anywhere]">{plain(text)}</code>
  ),
  code: ({ text }) => <CodeBlock text={text} />,
  br: () => <br />,
  hr: () => <hr className="my-6" />,
  blockquote: ({ tokens }, { children }) => (
    <blockquote className="my-3 border-l-2 border-line-strong pl-4 text-ink-soft">{children(tokens)}</blockquote>
  ),
  list: ({ ordered, items }, { children }) => {
    const List = ordered ? 'ol' : 'ul';
    return (
      <List className={`my-3 grid max-w-prose gap-1.5 pl-5 ${ordered ? 'list-decimal' : 'list-disc'}`}>
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

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** marked gives plain text with the five signs escaped; React escapes by itself. */
function plain(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
