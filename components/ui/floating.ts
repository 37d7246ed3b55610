/** Looks shared by everything that floats above the page. */
export const floating =
  'z-50 rounded-lg border border-line-strong bg-overlay text-ink shadow-float animate-rise focus:outline-none';

export const scrim = 'fixed inset-0 z-40 bg-scrim animate-fade';

/** One row of a menu, drawn from the headless library's data attributes. */
export const menuRow =
  'flex min-h-8 w-full cursor-pointer select-none items-center gap-2 rounded px-2 text-sm outline-none data-[disabled]:cursor-not-allowed data-[disabled]:text-ink-faint data-[highlighted]:bg-raised pointer-coarse:min-h-11 [&>svg]:size-3.5 [&>svg]:shrink-0 [&>svg]:text-ink-faint';
