/**
 * One line of writing as people read it. Control, direction and invisible characters, halves of pairs and line ends would
 * let one name look like another, or break the line it stands in.
 */
export const PLAIN_LINE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;

export const PLAIN_LINE_PROBLEM = 'Leave out invisible characters.';
