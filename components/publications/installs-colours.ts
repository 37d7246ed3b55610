/** One for each place, in the order of the places. */
export const LINE_COLOURS = ['var(--accent)', 'var(--good)', 'var(--warn)', 'var(--busy)', 'var(--bad)'] as const;
