import { Package } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { EmptyState } from '@/components/ui/empty-state';
import { Pagination } from '@/components/ui/pagination';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Sha } from '@/components/ui/sha';
import { formatBytes } from '@/components/ui/size-format';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { PackageList, PackageSummary } from '@/lib/extensions/model/view';
import { ScanBadge } from './scan-badge';
import { UploadPanel } from './upload-panel';

interface PackagesScreenProps {
  view: PackageList;
  uploadRefusal: string | null;
  isFirstPage: boolean;
  /** Which version stands in which gallery, above the packages. */
  galleries?: ReactNode;
}

export function PackagesScreen({ view, uploadRefusal, isFirstPage, galleries }: PackagesScreenProps) {
  const { packages, nextCursor } = view;
  return (
    <div className="grid gap-5 *:min-w-0">
      {galleries}
      <Panel title="Upload a package">
        <UploadPanel disabledReason={uploadRefusal} />
      </Panel>
      <Panel title="Packages" body="flush">
        {packages.length === 0 ? (
          <EmptyState icon={<Package aria-hidden />} title={isFirstPage ? 'No package yet' : 'No older packages'}>
            {isFirstPage
              ? 'Upload a .vsix, send one with “aetherstack extension upload”, or let a workflow build it.'
              : 'Go back to the newest ones.'}
          </EmptyState>
        ) : (
          <PackageTable packages={packages} />
        )}
      </Panel>
      {nextCursor || !isFirstPage ? (
        <Pagination
          label="Packages"
          previousHref={isFirstPage ? null : '/extensions'}
          nextHref={nextCursor ? `/extensions?cursor=${encodeURIComponent(nextCursor)}` : null}
        />
      ) : null}
    </div>
  );
}

function PackageTable({ packages }: { packages: readonly PackageSummary[] }) {
  return (
    <Table caption="Packages of extensions, the newest first" stack>
      <TableHead>
        <Th>Extension</Th>
        <Th>Version</Th>
        <Th>Inspection</Th>
        <Th align="end">Size</Th>
        <Th>From</Th>
        <Th>Digest</Th>
      </TableHead>
      <TableBody>
        {packages.map((each) => (
          <Row key={each.id}>
            <Td label="Extension" className="whitespace-normal">
              <div className="min-w-0">
                <RowLink href={`/extensions/packages/${each.id}`} className="font-medium">
                  <bdi>{each.displayName ?? each.name}</bdi>
                </RowLink>
                <span className="block text-xs wrap-anywhere text-ink-faint">
                  {each.publisher}.{each.name}
                </span>
              </div>
            </Td>
            <Td label="Version">
              <span className="inline-flex flex-wrap items-center gap-1.5">
                {each.version}
                {each.prerelease ? <Badge>pre-release</Badge> : null}
                {each.targetPlatform === 'universal' ? null : <Badge>{each.targetPlatform}</Badge>}
              </span>
            </Td>
            <Td label="Inspection">
              <ScanBadge scan={each.scan} warnings={each.warnings} />
            </Td>
            <Td label="Size" align="end" className="tabular-nums">
              {formatBytes(each.size)}
            </Td>
            <Td label="From" className="whitespace-normal">
              <span className="min-w-0 wrap-anywhere">
                {SOURCES[each.source.kind]} by {each.source.by}{' '}
                <RelativeTime at={each.uploadedAt} className="text-xs text-ink-faint" />
              </span>
            </Td>
            <Td label="Digest">
              <Sha value={each.id} />
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

const SOURCES = { upload: 'Uploaded', run: 'Built by a run', republish: 'Made again' } as const;
