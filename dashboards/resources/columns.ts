/** Columns that several tables of this dashboard have. */
import { linkTo } from '../lib/links.ts';
import type { Column } from '../lib/table.ts';

export const STATES = {
  running: 'ok',
  provisioning: 'warning',
  releasing: 'warning',
  stopped: 'risk',
  failed: 'broken',
  ended: 'unknown',
} as const;

export const STATUS: Column = { title: 'Status', width: 90, states: STATES };
export const RESOURCE: Column = {
  title: 'Resource',
  links: [linkTo('resources', 'Its detail, at the foot', { resource: 'resource_id' })],
};
export const RESOURCE_ID: Column = { title: 'Resource id', isHidden: true };
export const PROVIDER: Column = {
  title: 'Provider',
  width: 125,
  links: [linkTo('providers', 'Provider', { provider: 'provider' })],
};
export const TEAM: Column = {
  title: 'Team',
  width: 105,
  links: [linkTo('teams', 'Team', { team: 'team' })],
};
