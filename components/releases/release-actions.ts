import type { Action } from '@/lib/kernel/result';
import type { CreateReleaseInput, CreateTagInput, PublishReleaseInput } from '@/lib/releases/model/schemas';
import type { MadeRelease, MadeTag } from '@/lib/releases/model/view';

/** The Server Actions of the page of releases, as they arrive by props. */
export interface ReleaseActions {
  create: Action<CreateReleaseInput, MadeRelease>;
  publish: Action<PublishReleaseInput, MadeRelease>;
  tag: Action<CreateTagInput, MadeTag>;
}
