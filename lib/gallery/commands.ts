import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { newResource, resource } from '@/lib/pipeline/resource';
import {
  createGalleryTokenInput,
  createNamespaceInput,
  galleryTokenRef,
  keepInput,
  ownerInput,
  unyankInput,
  yankInput,
} from './model/schemas';
import {
  addOwner,
  createGalleryToken,
  createNamespace,
  removeOwner,
  revokeGalleryToken,
  setKeep,
  unyank,
  yank,
} from './server';

const ofNamespace = resource('namespace', 'namespace');
const ofExtension = ({ namespace, name }: { namespace: string; name: string }) => ({
  kind: 'extension',
  id: `${namespace}.${name}`,
});

export const createNamespaceCommand = defineCommand({
  name: 'gallery.create-namespace',
  permission: 'component.manage',
  input: createNamespaceInput,
  environmentOf: async () => null,
  resourceOf: ofNamespace,
  rate: { perMinute: 10 },
  run: createNamespace,
});

/**
 * Who may publish changes what developers' machines run, so it takes a fresh proof, and of a token the scope that lets
 * machines change the console itself. Who owns the namespace, the verb asks.
 */
export const addOwnerCommand = defineCommand({
  name: 'gallery.add-owner',
  permission: 'signedIn',
  tokenScope: 'manage',
  risk: 'high',
  input: ownerInput,
  resourceOf: ofNamespace,
  run: addOwner,
});

export const removeOwnerCommand = defineCommand({
  name: 'gallery.remove-owner',
  permission: 'signedIn',
  tokenScope: 'manage',
  input: ownerInput,
  resourceOf: ofNamespace,
  run: removeOwner,
});

export const setKeepCommand = defineCommand({
  name: 'gallery.set-keep',
  permission: 'deployment.request',
  input: keepInput,
  resourceOf: ofNamespace,
  run: setKeep,
});

export const yankCommand = defineCommand({
  name: 'gallery.yank',
  permission: 'deployment.request',
  input: yankInput,
  resourceOf: ofExtension,
  run: yank,
});

export const unyankCommand = defineCommand({
  name: 'gallery.unyank',
  permission: 'deployment.request',
  input: unyankInput,
  resourceOf: ofExtension,
  run: unyank,
});

export const createGalleryTokenCommand = defineCommand({
  name: 'gallery.create-token',
  permission: 'signedIn',
  risk: 'high',
  input: createGalleryTokenInput,
  resourceOf: newResource('gallery-token'),
  rate: { perMinute: 10 },
  run: createGalleryToken,
});

export const revokeGalleryTokenCommand = defineCommand({
  name: 'gallery.revoke-token',
  // One's own; the verb asks for more when it is somebody else's.
  permission: 'signedIn',
  input: galleryTokenRef,
  resourceOf: resource('gallery-token', 'tokenId'),
  run: revokeGalleryToken,
});
