import { FlaskConical } from 'lucide-react';
import type { ReactNode } from 'react';

/** Always in sight while nothing here reaches a real provider. */
export function SandboxBanner({ children }: { children?: ReactNode }) {
  return (
    <p className="flex min-h-7 items-center justify-center gap-1.5 bg-warn-wash px-3 py-1 text-center text-xs text-warn">
      <FlaskConical aria-hidden className="size-3.5 shrink-0" />
      <span>{children ?? 'Sandbox: providers are simulated'}</span>
    </p>
  );
}
