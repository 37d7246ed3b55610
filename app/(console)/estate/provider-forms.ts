import 'server-only';
import type { ProviderForm } from '@/components/estate/target-draft';
import { catalog } from '@/lib/providers/catalog.generated';
import { settingFields } from '@/lib/targets/model/settings-form';

/** Providers that can deploy, as the target form needs them: made here, so that no schema goes to the browser. */
export function providerForms(): Record<string, ProviderForm> {
  const able = Object.values(catalog).filter((manifest) => manifest.capabilities.deploy);
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

/** How the provider is called in “Tell …”; null where it shows no deployments of others. */
export function tellsTo(providerId: string): string | null {
  const known: Record<string, (typeof catalog)[keyof typeof catalog]> = catalog;
  const capabilities = Object.hasOwn(known, providerId) ? known[providerId]?.capabilities : undefined;
  return capabilities?.announcements?.to ?? null;
}
