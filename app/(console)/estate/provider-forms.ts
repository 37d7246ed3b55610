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
