import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { SetupScreen } from '@/components/setup/setup-screen';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { setupQuery } from '@/lib/blueprints/queries';
import { readOrRefuse } from '../../../read-or-refuse';
import { setUpAction } from './actions';

export const metadata: Metadata = { title: 'Set up' };

interface SetupPageProps {
  params: Promise<{ slug: string }>;
  searchParams: Promise<{ repository?: string | string[]; settings?: string | string[] }>;
}

export default async function SetupPage({ params, searchParams }: SetupPageProps) {
  const [{ slug }, search] = await Promise.all([params, searchParams]);
  const path = `/components/${encodeURIComponent(slug)}`;
  const input = {
    slug,
    ...(typeof search.repository === 'string' && { repository: search.repository }),
    ...(typeof search.settings === 'string' && { settings: search.settings }),
  };
  const read = await readOrRefuse(setupQuery, input, `${path}/setup`);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  const { name } = read.value.component;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            items={[{ label: 'What runs where', href: '/targets' }, { label: name, href: path }, { label: 'Set up' }]}
          />
        }
        title={`Set up ${name}`}
        description="The files that its repository needs, against what is there. Nothing is written before you have seen it."
      />
      <SetupScreen key={slug} view={read.value} setUp={setUpAction} />
    </>
  );
}
