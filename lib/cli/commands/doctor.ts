import type { DoctorView, Finding } from '@/lib/doctor/model/view';
import type { Command } from '../command.ts';
import { EXIT, usage } from '../exit.ts';
import { jsonText, table } from '../terminal.ts';

const doctor: Command = {
  name: 'doctor',
  usage: '',
  says: 'what is wrong with the connections, and how it is mended; 1 when something is broken',
  options: {},
  async run({ client, terminal, json, positionals }) {
    if (positionals.length > 0) throw usage('“doctor” looks at every connection; name none.');
    const api = client();
    const view = await api.get<DoctorView>('/doctor');
    terminal.say(json ? jsonText(view) : listed(view, api.url));
    return view.counts.broken > 0 ? EXIT.failed : EXIT.ok;
  },
};

function listed(view: DoctorView, url: string): string {
  const named = [
    ...view.connections.flatMap(({ name, findings }) => findings.map((finding) => ({ name, finding }))),
    ...(view.subscriptions ?? []).map((finding) => ({ name: 'Notifications', finding })),
  ];
  if (named.length === 0) return 'Nothing is known to be wrong.';
  return table(named.map(({ name, finding }) => [finding.severity, name, finding.sentence, mendOf(finding, url)]));
}

/** What needs a press in the console is pressed there: no token may change a connection. */
function mendOf({ mend }: Finding, url: string): string {
  return `${mend.label}: ${url}${mend.kind === 'link' ? mend.to : '/connections/doctor'}`;
}

export const DOCTOR_COMMANDS: readonly Command[] = [doctor];
