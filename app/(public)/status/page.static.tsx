import type { Metadata } from 'next';
import { StatusBoard } from '@/components/public/status-board';
import { StatusHead } from '@/components/public/status-head';
import { siteLinks } from '../site-links';

export const metadata: Metadata = { title: 'Status' };

export default function StatusPage() {
  return (
    <>
      <StatusHead page="status" />
      <StatusBoard url={siteLinks.status} initial={null} />
    </>
  );
}
