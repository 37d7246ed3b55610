import { defineProvider } from '../port';
import { verifyCredential } from './credential';
import { digestOf, readImage } from './image';
import { manifest } from './manifest';
import { pinnedName } from './names';
import { listTags } from './tags';

/** Images of any registry that follows the OCI distribution specification. */
export const provider = defineProvider(
  manifest,
  {
    images: {
      tags: listTags,
      digest: digestOf,
      image: readImage,
      reference: (c, repository, digest) => pinnedName(c.origin, repository, digest),
    },
  },
  verifyCredential,
);
