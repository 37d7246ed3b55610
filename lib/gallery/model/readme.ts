import type { Token } from 'marked';

/** A README, taken apart; or as plain text, where taking it apart would take too long or go too deep. */
export type LexedReadme = { tokens: readonly Token[]; isCut: boolean } | { plain: string; isCut: boolean };
