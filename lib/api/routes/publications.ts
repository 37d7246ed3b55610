import { namespaceCommand, publishCommand, recallCommand } from '@/lib/publications/commands';
import { publicationsQuery, publishPlanQuery, retirementQuery } from '@/lib/publications/queries';
import { type ApiRoute, change, read } from '../route';

const one = '/targets/{targetId}/publications';

export const PUBLICATION_ROUTES: readonly ApiRoute[] = [
  read('/extensions/publications', publicationsQuery, 'Publications', 'Versions by galleries, and since when.'),
  read(
    '/extensions/credentials',
    retirementQuery,
    'ExtensionCredentials',
    'By which credentials extensions are published, until when, and the proposal that replaces those that end.',
  ),
  read(
    '/extensions/packages/{packageId}/publish',
    publishPlanQuery,
    'PublishPlan',
    'Where a package can be published, and what each place asks for.',
  ),
  change(
    'POST /extensions/packages/{packageId}/publish',
    publishCommand,
    'PublishedTo',
    'Publish a package to the places named, a deployment for each; what one refuses stands beside the rest.',
    { status: 201, key: 'own' },
  ),
  change(
    `POST ${one}/recall`,
    recallCommand,
    'Recalled',
    'Take a version away from new installs, or be told how a person does it there.',
  ),
  change(`POST ${one}/namespace`, namespaceCommand, 'NamespaceMade', 'Make the publisher’s name at the gallery.'),
];
