import type { Action } from '@/lib/kernel/result';
import type { Classified, Undone } from '@/lib/observability/model/dora-view';
import type { ClassifyInput, UndoInput } from '@/lib/observability/model/schemas';

export interface ClassifyActions {
  classify: Action<ClassifyInput, Classified>;
  undo: Action<UndoInput, Undone>;
}
