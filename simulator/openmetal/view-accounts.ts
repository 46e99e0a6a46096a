/** Accounts. Personal data carries recognisable text: none of it may reach the database. */
import { offset } from './format.ts';
import type { Organization } from './types.ts';

export function profileView(
  organizations: readonly Organization[],
  account: Organization | undefined,
): unknown {
  return {
    account_id: account?.accountId ?? 7001,
    account_access: organizations.map((organization) => ({
      account_id: organization.id,
      uuid: organization.uuid,
      type: 'organization',
      display_name: organization.name,
      role: organization.role,
      is_imcloud: false,
    })),
    account_uuid: account?.uuid ?? '9e107d9d-372b-4b6d-8b1e-3542a419d6aa',
    email: 'SIMULATED-SECRET-MAIL-0@example.com',
    first_name: 'SIMULATED-SECRET-NAME',
    currency: 'USD',
    locale: 'en_US',
  };
}

export function organizationView(organization: Organization, createdAtMs: number): unknown {
  const mail = (index: number): string =>
    `SIMULATED-SECRET-MAIL-${organization.accountId}-${index}@example.com`;
  return {
    organization_id: organization.id,
    uuid: organization.uuid,
    name: organization.name,
    primary_email: mail(1),
    billing_email: mail(2),
    has_billing: organization.hasBilling,
    created_at: offset(createdAtMs),
    active: true,
    members: [
      { email: mail(1), role: 'owner' },
      { email: mail(3), role: 'maintainer' },
    ],
  };
}
