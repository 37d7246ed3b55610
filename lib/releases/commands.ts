import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { createReleaseInput, createTagInput, publishReleaseInput } from './model/schemas';
import { createRelease, createTag, publishRelease } from './server';

const resourceOf = ({ repository, tag }: { repository: string; tag: string }) => ({
  kind: 'release',
  id: `${repository}@${tag}`,
});
const permission = 'component.manage';
const rate = { perMinute: 10 };

// What becomes public may start workflows of the repository, with its secrets.
export const createReleaseCommand = defineCommand({
  name: 'release.create',
  permission,
  risk: 'high',
  input: createReleaseInput,
  resourceOf,
  rate,
  run: createRelease,
});

export const publishReleaseCommand = defineCommand({
  name: 'release.publish',
  permission,
  risk: 'high',
  input: publishReleaseInput,
  resourceOf,
  rate,
  run: publishRelease,
});

export const createTagCommand = defineCommand({
  name: 'release.tag',
  permission,
  risk: 'high',
  input: createTagInput,
  resourceOf,
  rate,
  run: createTag,
});
