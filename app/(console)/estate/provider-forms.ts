import 'server-only';
import type { ProviderForm } from '@/components/estate/target-draft';
import { catalog } from '@/lib/providers/catalog.generated';
import { settingFields } from '@/lib/targets/model/settings-form';

/** Providers that can deploy or publish, as the target form needs them: made here, so that no schema goes to the browser. */
export function providerForms(): Record<string, ProviderForm> {
  const able = Object.values(catalog).filter(({ capabilities }) => capabilities.deploy ?? capabilities.publish);
  return Object.fromEntries(
    able.map((manifest) => [
      manifest.id,
      {
        label: manifest.label,
        fields: settingFields(manifest),
        example: manifest.capabilities.workflows?.example ?? null,
      },
    ]),
  );
}

/** Providers that keep settings of what runs there, as the runtime form needs them. */
export function runtimeForms(): Record<string, ProviderForm & { says: string }> {
  return Object.fromEntries(
    Object.values(catalog).flatMap((manifest) => {
      const { label, capabilities } = manifest;
      const says = capabilities.configuration?.runtime?.says;
      return says === undefined
        ? []
        : [[manifest.id, { label, fields: settingFields(manifest), example: null, says }] as const];
    }),
  );
}

/** How the provider is called in “Tell …”; null where it shows no deployments of others. */
export function tellsTo(providerId: string): string | null {
  const known: Record<string, (typeof catalog)[keyof typeof catalog]> = catalog;
  const capabilities = Object.hasOwn(known, providerId) ? known[providerId]?.capabilities : undefined;
  return capabilities?.announcements?.to ?? null;
}
