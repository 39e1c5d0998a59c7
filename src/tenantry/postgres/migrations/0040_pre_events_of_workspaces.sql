-- An event says which workspace it is about, so that who does not see the workspace does not see the event.
alter table events add column if not exists workspace_id uuid;

-- Lists of one action read this index in the order of the page.
create index if not exists events_by_action on events (org_id, action, id);
-- How a workspace was when it was deleted: open to all, or private.
create index if not exists events_of_deletions on events (org_id, workspace_id)
  where action = 'workspace.deleted';
