import type { Metadata } from 'next';
import { StatusBoard } from '@/components/public/status-board';
import { StatusHead } from '@/components/public/status-head';
import { siteLinks } from '../site-links';
import { readInitial } from './read-initial';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Status' };

/** Drawn with what is live; the export has page.static.tsx, which fetches it. */
export default async function StatusPage() {
  return (
    <>
      <StatusHead page="status" />
      <StatusBoard url={siteLinks.status} initial={await readInitial()} />
    </>
  );
}
