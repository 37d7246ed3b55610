import type { ConfigurationTraits, SettingKind } from '@/lib/providers/port';

/** As the provider keeps it; null when it does not take such a name. */
export function nameFor({ name: rule }: Pick<ConfigurationTraits, 'name'>, typed: string): string | null {
  const name = rule.letters === 'upper' ? typed.toUpperCase() : typed;
  return new RegExp(`^(?:${rule.pattern})$`).test(name) ? name : null;
}

/** Why a value does not fit there, in a sentence; null when it does. Sizes are bytes of UTF-8. */
export function sizeProblem({ kinds }: Pick<ConfigurationTraits, 'kinds'>, kind: SettingKind, value: string) {
  const rule = kinds[kind];
  if (!rule) return `There are no ${kind}s in this place.`;
  const bytes = new TextEncoder().encode(value).byteLength;
  if (bytes <= rule.maxBytes) return null;
  const limit = Math.floor(rule.maxBytes / 1024);
  return `The value has ${Math.ceil(bytes / 1024)} KB, and this place takes ${limit} KB. Shorten it, or keep it elsewhere.`;
}
