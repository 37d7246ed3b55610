import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

const PANELS = [
  { name: 'environments', rows: 3, columns: 4 },
  { name: 'components', rows: 4, columns: 4 },
  { name: 'targets', rows: 6, columns: 5 },
];

export default function EstateLoading() {
  return (
    <Loading label="Loading what you deploy">
      <PageHeader
        title="What you deploy"
        description="Components, the environments they run in, and how each one gets there."
      />
      <div className="grid gap-5">
        {PANELS.map(({ name, rows, columns }) => (
          <div key={name} className="rounded-lg border border-line bg-surface">
            <div className="border-b border-line px-4 py-3.5">
              <Skeleton className="w-32" />
            </div>
            <SkeletonRows rows={rows} columns={columns} />
          </div>
        ))}
      </div>
    </Loading>
  );
}
