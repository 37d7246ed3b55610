import { z } from 'zod';
import { because, moment } from './basics';

const count = z.number().int();
const counts = z.object({ download: count, install: count, update: count, uninstall: count });
const person = z.object({ id: z.string(), name: z.string() });
const words = z.array(z.string());

export const GalleryList = z.object({
  rows: z.array(
    z.object({
      namespace: z.string(),
      name: z.string(),
      displayName: z.string(),
      description: z.string(),
      categories: words,
      version: z.string(),
      prerelease: z.boolean(),
      updatedAt: moment,
      counts,
    }),
  ),
  total: count,
  page: count,
  pages: count,
  categories: words,
});

export const GalleryExtension = z.object({
  namespace: z.string(),
  name: z.string(),
  displayName: z.string(),
  description: z.string(),
  categories: words,
  tags: words,
  license: because,
  version: because,
  counts,
  readme: because,
  owners: z.array(person),
  versions: z.array(
    z.object({
      version: z.string(),
      platform: z.string(),
      prerelease: z.boolean(),
      packageId: z.string(),
      size: count,
      engine: z.string(),
      publishedAt: moment,
      publishedBy: because,
      counts,
      yanked: z.object({ at: moment, by: because, reason: z.string() }).nullable(),
      retiredAt: moment.nullable(),
    }),
  ),
  days: z.array(z.object({ day: z.string(), counts })),
  mayYank: z.boolean(),
});

export const NamespaceList = z.array(
  z.object({
    name: z.string(),
    owners: z.array(person.extend({ disabled: z.boolean() })),
    keep: count.nullable(),
    extensions: count,
    mayManage: z.boolean(),
    createdAt: moment,
  }),
);
export const GalleryPeople = z.array(person.extend({ login: z.string() }));
export const NamespaceRef = z.object({ namespace: z.string() });
export const Yanked = z.object({ packages: count });
