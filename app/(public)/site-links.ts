const consoleBase = process.env.NEXT_PUBLIC_CONSOLE_URL ?? '';

/** Where the public part points. A copy of this page on another host names its console by NEXT_PUBLIC_CONSOLE_URL. */
export const siteLinks = {
  console: `${consoleBase}/now`,
  signIn: `${consoleBase}/sign-in`,
  /** Null until NEXT_PUBLIC_DOCS_URL says where the docs are: no link is better than a dead one. */
  docs: process.env.NEXT_PUBLIC_DOCS_URL || null,
} as const;
