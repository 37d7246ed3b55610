import 'server-only';
import { z } from 'zod';
import { defineQuery } from '@/lib/pipeline/define-query';
import { galleryExtensionInput, galleryListInput } from './model/schemas';
import { listGallery, listGalleryTokens, listNamespaces, readGalleryExtension } from './server';

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

export const galleryTokenListQuery = defineQuery({
  name: 'gallery.tokens',
  permission: 'signedIn',
  input: Nothing,
  run: listGalleryTokens,
});
