import { setTellingCommand } from '@/lib/announcements/commands';
import { createReleaseCommand, createTagCommand, publishReleaseCommand } from '@/lib/releases/commands';
import { releaseListQuery, releaseNotesQuery } from '@/lib/releases/queries';
import { type ApiRoute, change, read } from '../route';

const made = { status: 201 } as const;

export const RELEASE_ROUTES: readonly ApiRoute[] = [
  read('/releases', releaseListQuery, 'ReleaseList', 'Releases of the repositories, and which of them is live where.'),
  read('/releases/notes', releaseNotesQuery, 'ReleaseNotes', 'What the provider would write about what is new.'),
  change(
    'POST /releases',
    createReleaseCommand,
    'MadeRelease',
    'Draft or publish a release; the same `key` again finds what it made.',
    made,
  ),
  change('POST /releases/publish', publishReleaseCommand, 'MadeRelease', 'Make a draft public, and its tag with it.'),
  change('POST /releases/tags', createTagCommand, 'MadeTag', 'Make an annotated tag.', made),
  change(
    'PUT /targets/{targetId}/telling',
    setTellingCommand,
    null,
    'What the provider is told about deployments of this target.',
  ),
];
