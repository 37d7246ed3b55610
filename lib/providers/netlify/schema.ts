import { z } from 'zod';

/** Only the fields that are read, as `@netlify/open-api` gives them; what is not there yet is null on the wire. */
const id = z.string().regex(/^[\w-]{1,100}$/);
const text = z.string().nullish();

export const deploySchema = z.object({
  id,
  site_id: text,
  state: z.string(),
  title: text,
  branch: text,
  context: text,
  commit_ref: text,
  error_message: text,
  skipped: z.boolean().nullish(),
  locked: z.boolean().nullish(),
  created_at: text,
  updated_at: text,
  published_at: text,
  admin_url: text,
  deploy_ssl_url: text,
  screenshot_url: text,
  name: text,
});
export const deploysSchema = z.array(deploySchema);

/** Netlify names the deploy that a build makes at once. */
export const buildSchema = z.object({ id, deploy_id: id.nullish() });

export const siteSchema = z.object({
  id,
  account_id: text,
  account_slug: text,
  name: text,
  admin_url: text,
  ssl_url: text,
  custom_domain: text,
  domain_aliases: z.array(z.string()).nullish(),
  published_deploy: deploySchema.nullish(),
  // `base` is in Netlify's answers, not in its published description: github.com/netlify/build, packages/config/src/types/api.ts
  build_settings: z
    .object({ repo_path: text, repo_branch: text, base: text, stop_builds: z.boolean().nullish() })
    .nullish(),
});

export const userSchema = z.object({ full_name: text, email: text, id: text });
export const errorSchema = z.object({ message: z.string() });

/** A deploy notification is the deploy itself. https://docs.netlify.com/deploy/deploy-notifications/ */
export const webhookSchema = z.object({
  id,
  state: z.string().regex(/^[a-z_]{1,60}$/),
  context: z
    .string()
    .max(100)
    .regex(/^[^\p{C}]*$/u)
    .nullish(),
});

export type Deploy = z.infer<typeof deploySchema>;
export type Site = z.infer<typeof siteSchema>;
