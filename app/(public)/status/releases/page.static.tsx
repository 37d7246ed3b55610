import type { Metadata } from 'next';
import { ReleaseList } from '@/components/public/release-list';
import { StatusHead } from '@/components/public/status-head';
import { siteLinks } from '../../site-links';

export const metadata: Metadata = { title: 'Releases' };

export default function PublicReleasesPage() {
  return (
    <>
      <StatusHead page="releases" />
      <ReleaseList url={siteLinks.status} initial={null} />
    </>
  );
}
