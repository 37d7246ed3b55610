const exported = process.env.AETHERSTACK_RENDERING === 'ssg';
/** In an export there is no console under the same address, only the one that NEXT_PUBLIC_CONSOLE_URL names. */
const beside = exported ? null : '';
const consoleBase = process.env.NEXT_PUBLIC_CONSOLE_URL || beside;

/** Where the public part points. */
export const siteLinks = {
  console: consoleBase === null ? null : `${consoleBase}/now`,
  signIn: consoleBase === null ? null : `${consoleBase}/sign-in`,
  /** Elsewhere when NEXT_PUBLIC_DOCS_URL says so. */
  docs: process.env.NEXT_PUBLIC_DOCS_URL || '/docs',
  /** Beside the pages; an export may fetch it from the console that NEXT_PUBLIC_STATUS_URL names. */
  status: (exported && process.env.NEXT_PUBLIC_STATUS_URL) || `${process.env.AETHERSTACK_BASE_PATH ?? ''}/status.json`,
} as const;
