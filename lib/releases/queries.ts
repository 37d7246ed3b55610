import 'server-only';
import { defineQuery } from '@/lib/pipeline/define-query';
import { listReleasesInput, releaseNotesInput } from './model/schemas';
import { listReleases, readNotes } from './server';

export const releaseListQuery = defineQuery({
  name: 'release.list',
  permission: 'deployment.read',
  input: listReleasesInput,
  // Two requests for each repository, unless nothing has changed.
  rate: { perMinute: 30 },
  run: listReleases,
});

export const releaseNotesQuery = defineQuery({
  name: 'release.notes',
  permission: 'component.manage',
  input: releaseNotesInput,
  rate: { perMinute: 20 },
  run: readNotes,
});
