-- How often an organization wrote to an address of late: notices are left out beyond that.
create index if not exists letters_by_recipient on letters (org_id, recipient, created_at);
