import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { BrandMark } from '@/components/shell/brand';
import { MoveTo } from '@/components/shell/move-to';
import { otherLoopbackOrigin } from '@/lib/auth/loopback-origin';

/** Reads who asks, and whether there is an administrator yet, on each request. */
export const dynamic = 'force-dynamic';

export default async function AuthLayout({ children }: { children: ReactNode }) {
  const elsewhere = otherLoopbackOrigin((await headers()).get('host'), process.env.NEXTAUTH_URL ?? '');
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-100 flex-col justify-center px-4 py-10 sm:pb-[14dvh]">
      <header className="mb-6 flex items-center gap-2.5 px-1 font-semibold">
        <BrandMark className="size-6 text-accent" />
        AetherStack
      </header>
      <main>{elsewhere ? <MoveTo origin={elsewhere} /> : children}</main>
    </div>
  );
}
