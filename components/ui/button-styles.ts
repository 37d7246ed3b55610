import { cva, type VariantProps } from 'class-variance-authority';

/** Looks of every button and button-like link. Disabled is drawn from aria-disabled, so it can keep the focus. */
export const buttonStyles = cva(
  [
    'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium',
    'transition-colors duration-100 [&_svg]:size-3.5 [&_svg]:shrink-0',
    // Drawn by a server before its code is there; the look comes back with it.
    'disabled:cursor-progress disabled:opacity-60',
    'aria-disabled:border-line aria-disabled:bg-raised aria-disabled:text-ink-faint aria-disabled:hover:bg-raised',
  ],
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent text-accent-ink hover:bg-accent-strong',
        secondary: 'border-line-strong bg-surface text-ink hover:bg-raised',
        quiet: 'border-transparent bg-transparent text-ink-soft hover:bg-raised hover:text-ink',
        danger: 'border-transparent bg-bad-fill text-bad-ink hover:bg-bad-strong',
      },
      size: {
        sm: 'h-7 px-2.5 text-xs pointer-coarse:h-9',
        md: 'h-8 px-3 text-sm pointer-coarse:h-11',
      },
      shape: { text: '', icon: 'aspect-square px-0' },
    },
    defaultVariants: { variant: 'secondary', size: 'md', shape: 'text' },
  },
);

export type ButtonLook = Pick<VariantProps<typeof buttonStyles>, 'variant' | 'size'>;
