import type { Metadata } from 'next';
import { ReleaseList } from '@/components/public/release-list';
import { StatusHead } from '@/components/public/status-head';
import { siteLinks } from '../../site-links';
import { readInitial } from '../read-initial';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Releases' };

/** Drawn with what went live; the export has page.static.tsx, which fetches it. */
export default async function PublicReleasesPage() {
  return (
    <>
      <StatusHead page="releases" />
      <ReleaseList url={siteLinks.status} initial={await readInitial()} />
    </>
  );
}
