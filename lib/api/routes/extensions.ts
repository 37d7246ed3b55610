import { collectCommand, republishCommand, uploadPackageCommand } from '@/lib/extensions/commands';
import { packageFileQuery, packageListQuery, packageQuery } from '@/lib/extensions/queries';
import { type ApiRoute, change, file, read, upload } from '../route';

export const EXTENSION_ROUTES: readonly ApiRoute[] = [
  read('/extensions/packages', packageListQuery, 'PackageList', 'Packages of extensions, the newest first.'),
  upload(
    'POST /extensions/packages',
    uploadPackageCommand,
    'PackageAccepted',
    'Keep a package: the body is the .vsix file itself. The same bytes once more are `already` here.',
  ),
  change(
    'POST /deployments/{deploymentId}/packages',
    collectCommand,
    'PackagesCollected',
    'Take in what the run of a deployment has built. The same bytes once more are `already` here.',
  ),
  read(
    '/extensions/packages/{packageId}',
    packageQuery,
    'PackageDetail',
    'What is in a package, what was found in it, and what changed since the version before or `against` another.',
  ),
  file(
    '/extensions/packages/{packageId}/file',
    packageFileQuery,
    ['application/octet-stream'],
    'The .vsix itself, byte for byte; only what passed its inspection is kept.',
  ),
  change(
    'POST /extensions/packages/{packageId}/again',
    republishCommand,
    'PackageRepublished',
    'Make an old package again with the next patch, so that it can be published over what is newer.',
    { status: 201 },
  ),
];
