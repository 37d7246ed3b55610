import type { ActionResult } from '@/lib/kernel/result';

export interface Uploaded {
  packageId: string;
  outcome: 'new' | 'already';
  publisher: string;
  name: string;
  version: string;
  scan: 'pending' | 'passed' | 'refused' | 'unknown';
}

export interface UploadProgress {
  /** 0 to 1. */
  part: number;
}

const failed = (code: string, sentence: string): ActionResult<Uploaded> => ({ ok: false, refusal: { code, sentence } });

/** Sends a file and tells how far it is; `fetch` cannot tell. Never throws. */
export function uploadFile(
  file: File,
  onProgress: (progress: UploadProgress) => void,
): Promise<ActionResult<Uploaded>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/extensions/upload');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress({ part: total > 0 ? loaded / total : 0 }),
    );
    request.addEventListener('load', () => resolve(answerOf(request.responseText)));
    request.addEventListener('error', () =>
      resolve(failed('unreachable', 'The console did not answer. Look whether you are connected, and try again.')),
    );
    request.send(file);
  });
}

function answerOf(text: string): ActionResult<Uploaded> {
  try {
    return JSON.parse(text) as ActionResult<Uploaded>;
  } catch {
    return failed(
      'no_answer',
      'The console gave no answer that can be read. Load the page anew and look whether it is there.',
    );
  }
}
