-- PostgreSQL reads the text of every CHECK again with each statement that writes, where a type's own
-- length costs nothing: what a row may be is said by types where they can, and once a table where not.

alter table users
  alter column email type varchar(254),
  alter column name type varchar(100),
  alter column status_reason type varchar(500),
  drop constraint if exists users_email_check,
  drop constraint if exists users_name_check,
  drop constraint if exists users_status_reason_check,
  drop constraint if exists users_shape,
  add constraint users_shape check (name <> '');

alter table organizations
  alter column name type varchar(100),
  alter column slug type varchar(48),
  alter column status_reason type varchar(500),
  drop constraint if exists organizations_name_check,
  drop constraint if exists organizations_slug_check,
  drop constraint if exists organizations_kind_check,
  drop constraint if exists organizations_check,
  drop constraint if exists organizations_status_reason_check,
  drop constraint if exists organizations_shape,
  add constraint organizations_shape check (
    name <> '' and slug ~ '^[a-z0-9](-?[a-z0-9])+$'
    and case kind when 'team' then owner_id is null
                  when 'personal' then owner_id is not null
                  else false end);

alter table workspaces
  alter column name type varchar(100),
  alter column slug type varchar(48),
  alter column description type varchar(500),
  drop constraint if exists workspaces_name_check,
  drop constraint if exists workspaces_slug_check,
  drop constraint if exists workspaces_description_check,
  drop constraint if exists workspaces_visibility_check,
  drop constraint if exists workspaces_shape,
  add constraint workspaces_shape check (
    name <> '' and slug ~ '^[a-z0-9](-?[a-z0-9])+$'
    and visibility in ('organization', 'private'));

alter table roles
  alter column key type varchar(48),
  alter column name type varchar(100),
  alter column description type varchar(500),
  drop constraint if exists roles_key_check,
  drop constraint if exists roles_name_check,
  drop constraint if exists roles_description_check,
  drop constraint if exists roles_shape,
  add constraint roles_shape check (key <> '' and name <> '');

-- The event of a new organization is just too long for a line of 2 kB: compressing it cost more than
-- the space that it takes.
alter table events set (toast_tuple_target = 8160);
