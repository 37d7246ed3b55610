import { withLabel } from '@/lib/targets/model/label';
/** What a receiver gets; `type`, `timestamp` and `data` as Standard Webhooks has them. Times are ISO 8601 in UTC. */
export interface Message {
  type: string;
  timestamp: string;
  data: {
    /** What happened, for people. */
    sentence: string;
    actor: string;
    /** Where to look, on this console. */
    url: string;
    component: { slug: string; name: string } | null;
    environment: { slug: string; name: string } | null;
    /** The target's own, which tells it from the others of its component there; empty where it has none. */
    label: string;
    deployment: {
      id: string;
      number: number;
      kind: string;
      status: string;
      ref: string;
      sha: string;
      version: string;
      /** First line of the commit's message: foreign text, never markup. */
      message: string;
    } | null;
    connection: { id: string; name: string } | null;
  };
}

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** One line of foreign text: no control or direction characters, at most `limit` of the others. */
export function oneLine(text: string, limit: number): string {
  const line = (text.split(/[\r\n]/)[0] ?? '').replace(CONTROL, ' ').trim();
  const letters = [...line];
  return letters.length > limit ? `${letters.slice(0, limit - 1).join('')}…` : line;
}

/**
 * Text inside Slack's mrkdwn: without these three no link, mention or `<!channel>` can be written.
 * Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export interface SlackMessage {
  text: string;
  blocks: Record<string, unknown>[];
}

/** An incoming-webhook message; foreign text stands in plain_text, where nothing is markup. */
export function slackMessage(message: Message): SlackMessage {
  const { data } = message;
  const environment = data.environment && withLabel(data.environment.name, data.label);
  const place = [data.component?.name, environment].filter(Boolean).join(' → ');
  const number = data.deployment ? `#${data.deployment.number} ` : '';
  const headline = `${number}${place ? `${place}: ` : ''}${data.sentence}`;
  const shown = oneLine(headline, 500);
  const blocks: Record<string, unknown>[] = [
    { type: 'section', text: { type: 'plain_text', text: shown, emoji: false } },
  ];
  if (data.deployment) {
    const commit = `${data.deployment.ref} at ${data.deployment.sha.slice(0, 7)}: ${data.deployment.message}`;
    blocks.push({
      type: 'context',
      elements: [{ type: 'plain_text', text: oneLine(commit, 300), emoji: false }],
    });
  }
  blocks.push({
    type: 'context',
    elements: [
      { type: 'mrkdwn', text: `<${data.url}|Open in the console>` },
      { type: 'plain_text', text: oneLine(`${data.actor} · ${message.type}`, 150), emoji: false },
    ],
  });
  return { text: escapeMrkdwn(shown), blocks };
}
