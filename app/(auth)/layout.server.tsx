import type { ReactNode } from 'react';
import { BrandMark } from '@/components/shell/brand';

/** Reads who asks, and whether there is an administrator yet, on each request. */
export const dynamic = 'force-dynamic';

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-100 flex-col justify-center px-4 py-10 sm:pb-[14dvh]">
      <header className="mb-6 flex items-center gap-2.5 px-1 font-semibold">
        <BrandMark className="size-6 text-accent" />
        AetherStack
      </header>
      <main>{children}</main>
    </div>
  );
}
