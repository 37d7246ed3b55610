import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { galleryExtensionInput, galleryListInput } from './model/schemas';
import { listGallery, listGalleryPeople, listGalleryTokens, listNamespaces, readGalleryExtension } from './server';

const Nothing = z.strictObject({});

export const galleryListQuery = defineQuery({
  name: 'gallery.list',
  permission: 'deployment.read',
  input: galleryListInput,
  run: listGallery,
});

export const galleryExtensionQuery = defineQuery({
  name: 'gallery.extension',
  permission: 'deployment.read',
  input: galleryExtensionInput,
  run: readGalleryExtension,
});

export const namespaceListQuery = defineQuery({
  name: 'gallery.namespaces',
  permission: 'deployment.read',
  input: Nothing,
  run: listNamespaces,
});

/** Owners, too, who have no list of the members: the verb asks who it is. */
export const galleryPeopleQuery = defineQuery({
  name: 'gallery.people',
  permission: 'signedIn',
  tokenScope: 'manage',
  input: Nothing,
  run: listGalleryPeople,
});

export const galleryTokenListQuery = defineQuery({
  name: 'gallery.tokens',
  permission: 'signedIn',
  input: Nothing,
  run: listGalleryTokens,
});
