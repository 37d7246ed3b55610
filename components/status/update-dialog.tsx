'use client';

import { useAction } from '@/components/console/use-action';
import { EditFrame } from '@/components/estate/edit-frame';
import { notify } from '@/components/ui/notify';
import type { IncidentView } from '@/lib/status/model/view';
import { INCIDENT_STATES } from '@/lib/status/model/words';
import { StateField, TextField } from './incident-dialog';
import type { StatusActions } from './status-actions';

interface UpdateDialogProps {
  incident: IncidentView;
  /** What is chosen at the beginning. */
  resolve: boolean;
  post: StatusActions['post'];
  onClose: () => void;
}

/** Says how an incident stands now. */
export function UpdateDialog({ incident, resolve, post, onClose }: UpdateDialogProps) {
  const { run, pending, refusal, fields } = useAction(post);
  const over = incident.state === 'resolved';

  async function save(form: FormData) {
    const chosen = INCIDENT_STATES.find((each) => each === form.get('state'));
    const state = over || resolve ? 'resolved' : (chosen ?? incident.state);
    const done = await run({ incidentId: incident.id, state, text: String(form.get('text') ?? '') });
    if (!done.ok) return;
    notify({ tone: 'good', title: state === 'resolved' && !over ? 'Resolved' : 'It is on the status page' });
    onClose();
  }

  return (
    <EditFrame
      title={over ? 'Add a note' : resolve ? 'Resolve' : 'Post an update'}
      submit={over ? 'Add the note' : resolve ? 'Resolve' : 'Post'}
      size="md"
      pending={pending}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
    >
      {over || resolve ? null : <StateField usual={incident.state} error={fields['state']} />}
      <TextField error={fields['text']} />
    </EditFrame>
  );
}
