import type { Config } from 'tailwindcss';

const token = (name: string) => `var(--${name})`;

/** Every colour is a CSS variable of app/globals.css, so light and dark are one set of class names. */
export default {
  content: ['./app/**/*.{ts,tsx}', './components/**/*.{ts,tsx}'],
  darkMode: ['class', '[data-theme="dark"]'],
  theme: {
    extend: {
      colors: {
        canvas: token('canvas'),
        surface: token('surface'),
        raised: token('raised'),
        overlay: token('overlay'),
        scrim: token('scrim'),
        line: { DEFAULT: token('line'), strong: token('line-strong') },
        control: token('control-line'),
        ink: { DEFAULT: token('ink'), soft: token('ink-soft'), faint: token('ink-faint') },
        accent: {
          DEFAULT: token('accent'),
          strong: token('accent-strong'),
          ink: token('accent-ink'),
          wash: token('accent-wash'),
        },
        good: { DEFAULT: token('good'), wash: token('good-wash') },
        warn: { DEFAULT: token('warn'), wash: token('warn-wash') },
        bad: {
          DEFAULT: token('bad'),
          fill: token('bad-fill'),
          strong: token('bad-strong'),
          ink: token('bad-ink'),
          wash: token('bad-wash'),
        },
        busy: { DEFAULT: token('busy'), wash: token('busy-wash') },
      },
      /** Console text is 13 px (`text-sm`), prose and inputs 14 px (`text-base`), labels 12 px, marginalia 11 px. */
      fontSize: {
        '2xs': ['0.6875rem', '1rem'],
        xs: ['0.75rem', '1rem'],
        sm: ['0.8125rem', '1.25rem'],
        base: ['0.875rem', '1.25rem'],
        lg: ['1rem', '1.5rem'],
        xl: ['1.1875rem', '1.625rem'],
        '2xl': ['1.5rem', '2rem'],
        '3xl': ['2rem', '2.375rem'],
      },
      fontFamily: {
        sans: ['var(--font-geist-sans)', 'system-ui', 'sans-serif'],
        mono: ['var(--font-geist-mono)', 'ui-monospace', 'monospace'],
      },
      boxShadow: { float: 'var(--shadow-float)' },
      animation: {
        fade: 'ui-fade 120ms ease-out',
        rise: 'ui-rise 140ms cubic-bezier(0.2, 0.7, 0.2, 1)',
        sheet: 'ui-sheet 180ms cubic-bezier(0.2, 0.7, 0.2, 1)',
        breathe: 'ui-breathe 1.8s ease-in-out infinite',
      },
    },
  },
} satisfies Config;
