import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { resource } from '@/lib/pipeline/resource';
import { setPublicInput } from './model/schemas';
import { setPublic } from './server';

// The verb asks for the permission on the very environment of the target.
export const setPublicCommand = defineCommand({
  name: 'target.set-public',
  permission: 'target.manage',
  input: setPublicInput,
  resourceOf: resource('target', 'targetId'),
  run: setPublic,
});
