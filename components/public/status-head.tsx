import { PageHeader } from '@/components/ui/page-header';

const PAGES = {
  status: { title: 'Status', description: 'What is live where, what goes on, and how it went.' },
  releases: { title: 'Releases', description: 'What went live last.' },
} as const;

/** The same head in both builds. */
export function StatusHead({ page }: { page: keyof typeof PAGES }) {
  return <PageHeader {...PAGES[page]} />;
}
