import { Badge } from '@/components/ui/badge';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import type { ComposerStart, DeploymentSummary } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';
import { RevisionMark } from './deployment-row';

interface TargetHeaderProps {
  target: ComposerStart['target'];
  /** What is done to it: the last of the breadcrumbs, and what the title begins with. */
  page: 'Deploy' | 'Promote' | 'Roll back';
  current: DeploymentSummary | null;
}

/** Head of a page that changes what is live on one target: where it is, and what is live there now. */
export function TargetHeader({ target, page, current }: TargetHeaderProps) {
  const { component, environment, label } = target;
  const where = withLabel(environment.name, label);
  return (
    <PageHeader
      className="mb-0"
      above={
        <Breadcrumbs
          items={[
            { label: 'What runs where', href: '/targets' },
            { label: component.name, href: `/components/${component.slug}` },
            { label: page },
          ]}
        />
      }
      title={`${page} ${component.name} ${page === 'Roll back' ? 'in' : 'to'} ${where}`}
      marks={environment.isProduction ? <Badge variant="accent">Production</Badge> : null}
      description={
        current ? (
          <span className="inline-flex max-w-full flex-wrap items-center gap-x-1.5">
            Live now: #{current.number} <RevisionMark revision={current.revision} />
            <span className="min-w-0 break-words">{current.revision.message.split('\n')[0]}</span>
          </span>
        ) : (
          'Nothing is live here now.'
        )
      }
    />
  );
}
