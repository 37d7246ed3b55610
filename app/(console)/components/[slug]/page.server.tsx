import type { Metadata } from 'next';
import { ComponentBoard } from '@/components/component/component-board';
import { Refused } from '@/components/console/refused';
import { Badge } from '@/components/ui/badge';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { PageHeader } from '@/components/ui/page-header';
import { componentQuery } from '@/lib/deployments/queries';
import { redeployAction } from '../../deployments/actions';
import { liftPinAction } from '../../holds/actions';
import { readOrRefuse } from '../../read-or-refuse';
import { lookAction } from '../../targets/actions';

/** Kinds that a repository may be served as. */
const SERVED: readonly string[] = ['docs', 'dashboard'];

interface ComponentPageProps {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: ComponentPageProps): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function ComponentPage({ params }: ComponentPageProps) {
  const { slug } = await params;
  const read = await readOrRefuse(componentQuery, { slug }, `/components/${encodeURIComponent(slug)}`);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  const { component } = read.value;
  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'What runs where', href: '/targets' }, { label: component.name }]} />}
        title={component.name}
        marks={<Badge>{component.kind}</Badge>}
        actions={
          <>
            {SERVED.includes(component.kind) ? (
              <ButtonLink href={`/components/${encodeURIComponent(slug)}/versions`}>Site</ButtonLink>
            ) : null}
            <ButtonLink href={`/components/${encodeURIComponent(slug)}/setup`}>Set up</ButtonLink>
          </>
        }
        description={
          <>
            {component.description || 'No description yet.'}
            {component.paths.length > 0 ? (
              <span className="mt-0.5 block text-xs text-ink-faint">
                Its commits touch <Mono>{component.paths.join(', ')}</Mono>
              </span>
            ) : null}
          </>
        }
      />
      <ComponentBoard
        key={slug}
        initial={read.value}
        liftPin={liftPinAction}
        look={lookAction}
        redeploy={redeployAction}
      />
    </>
  );
}
