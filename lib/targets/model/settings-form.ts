import { z } from 'zod';
import type { AnyProvider } from '@/lib/providers/port';

/** How one of a target's settings is asked for. */
export type SettingKind = 'repository' | 'workflow' | 'ref' | 'inputs' | 'text' | 'number' | 'switch';

export interface SettingField {
  name: string;
  /** In the provider's own words. */
  label: string;
  kind: SettingKind;
  required: boolean;
}

interface Property {
  type?: string;
  description?: string;
}

/** The settings form of a provider's targets, read from the schema that validates them. */
export function settingFields(
  manifest: Pick<AnyProvider['manifest'], 'targetConfig' | 'capabilities'>,
): SettingField[] {
  const schema = z.toJSONSchema(manifest.targetConfig, { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { type, description } = property as Property;
    return {
      name,
      label: description ?? name,
      kind: kindOf(name, type, manifest.capabilities),
      required: required.has(name),
    };
  });
}

/** A name that the provider can list things for is chosen from that list. */
function kindOf(
  name: string,
  type: string | undefined,
  capabilities: AnyProvider['manifest']['capabilities'],
): SettingKind {
  if (name === 'repository' && capabilities.source) return 'repository';
  if (name === 'workflow' && capabilities.workflows) return 'workflow';
  if (name === 'defaultRef') return 'ref';
  if (type === 'object') return 'inputs';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'switch' : 'text';
}
