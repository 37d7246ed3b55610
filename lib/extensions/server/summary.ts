import { isPlaceholder } from '../model/localised';
import type { PackageOther, PackageSummary } from '../model/view';
import type { PackageRow } from './load-package';

/** What lists need of a row; the list of its files may be long and is not read for it. */
export type SummaryRow = Omit<PackageRow, 'files' | 'manifest'> & { displayName: string | null };

export function summaryOf(row: SummaryRow): PackageSummary {
  const { id, publisher, name, version, targetPlatform, prerelease, engine, size, scan, source, findings } = row;
  return {
    ...{ id, publisher, name, version, targetPlatform, prerelease, engine, size, scan },
    displayName: isPlaceholder(row.displayName) ? null : row.displayName,
    source: {
      kind: source.kind,
      by: source.by,
      deploymentId: source.deploymentId ?? null,
      sha: source.sha ?? null,
      from: source.from ?? null,
    },
    uploadedAt: row.uploadedAt.toISOString(),
    refusals: findings.filter(({ level }) => level === 'refuse').length,
    warnings: findings.filter(({ level }) => level === 'warn').length,
  };
}

export function otherOf(row: Pick<PackageRow, keyof PackageOther & keyof PackageRow>): PackageOther {
  const { id, version, targetPlatform, prerelease, scan, uploadedAt } = row;
  return { id, version, targetPlatform, prerelease, scan, uploadedAt: uploadedAt.toISOString() };
}
