import {
  addOwnerCommand,
  createNamespaceCommand,
  removeOwnerCommand,
  setKeepCommand,
  unyankCommand,
  yankCommand,
} from '@/lib/gallery/commands';
import { galleryExtensionQuery, galleryListQuery, galleryPeopleQuery, namespaceListQuery } from '@/lib/gallery/queries';
import { type ApiRoute, change, read } from '../route';

const version = '/gallery/extensions/{namespace}/{name}/{version}';
const namespace = '/gallery/namespaces/{namespace}';

/** The console's side of the gallery; what editors ask is under /api/gallery. */
export const GALLERY_ROUTES: readonly ApiRoute[] = [
  read('/gallery/extensions', galleryListQuery, 'GalleryList', 'What the private gallery offers, searched.'),
  read(
    '/gallery/extensions/{namespace}/{name}',
    galleryExtensionQuery,
    'GalleryExtension',
    'An extension with all versions, counts and its README.',
  ),
  change(`POST ${version}/yank`, yankCommand, 'Yanked', 'Take a version from the gallery, with a reason.'),
  change(`POST ${version}/unyank`, unyankCommand, 'Yanked', 'Put a yanked version back.'),
  read('/gallery/namespaces', namespaceListQuery, 'NamespaceList', 'Namespaces of the gallery, with their owners.'),
  change('POST /gallery/namespaces', createNamespaceCommand, 'NamespaceRef', 'Make a namespace and own it.', {
    status: 201,
  }),
  read('/gallery/people', galleryPeopleQuery, 'GalleryPeople', 'Whom an owner of a namespace can make one as well.'),
  change(
    `PUT ${namespace}/owners/{userId}`,
    addOwnerCommand,
    null,
    'Make somebody an owner of a namespace, who may publish and yank there and add others.',
  ),
  change(
    `DELETE ${namespace}/owners/{userId}`,
    removeOwnerCommand,
    null,
    'Take an owner from a namespace; the last one who can sign in stays.',
  ),
  change(`PUT ${namespace}/keep`, setKeepCommand, null, 'How many of the newest versions of each extension are kept.'),
];
