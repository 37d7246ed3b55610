import type { ProviderContext, TargetConfig } from './context';

/** What a repository holds at a commit. */
export interface FileList {
  /** Paths from the top of the repository; `id` names the content, the same for the same bytes. */
  files: { path: string; id: string; bytes: number }[];
  /** False where the provider left some out, because there are too many. */
  complete: boolean;
}

/** The files of a repository as they were at one commit. */
export interface FileCapabilities {
  files: {
    traits: { by: 'commit' };
    methods: {
      /** All files in a folder and below; an empty `folder` is the top. None, where there is no such folder. */
      list(c: ProviderContext, config: TargetConfig, sha: string, folder: string): Promise<FileList>;
      /** The text of one, by its `id`; null where it is no text. One request, which a repeat does not cost. */
      text(c: ProviderContext, config: TargetConfig, id: string): Promise<string | null>;
    };
  };
}
