import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { resource } from '@/lib/pipeline/resource';
import { setTellingInput } from './model/tell';
import { setTelling } from './server';

// The verb asks for the permission on the very environment of the target.
export const setTellingCommand = defineCommand({
  name: 'target.tell',
  permission: 'target.manage',
  input: setTellingInput,
  resourceOf: resource('target', 'targetId'),
  run: setTelling,
});
