"""What must hold in the database after any test, race or fault: each invariant one query."""

from collections.abc import Collection, Iterable
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from tests.support.database.exposure import foreign_rows, readable_secrets

# Who keeps an organization manageable: an active Admin whose membership does not expire.
_LASTING_ADMIN = """
    select m.org_id, m.user_id
      from memberships m join roles r on r.org_id = m.org_id and r.id = m.role_id
     where r.key = 'admin' and m.status = 'active' and m.expires_at is null
"""
# Who can come in, as well: an operator who disables the only one confirms that no one is left.
_ABLE_ADMIN = f"{_LASTING_ADMIN} and m.user_id in (select id from users where disabled_at is null)"
# Each change that an acceptance's event records, one a row; none at all is one row, too.
_ACCEPTANCE = """
    select e.org_id, e.id as event_id, c ->> 'type' as noun, c ->> 'id' as object_id,
           c -> 'before' as was, c -> 'after' as becomes
      from events e left join jsonb_array_elements(e.changes) c on true
     where e.action = 'invitation.accepted'
"""

INVARIANTS: dict[str, LiteralString] = {
    "I1 a slug and its registry disagree": """
        select coalesce(o.org_id, s.org_id)
          from organizations o
          full join organization_slugs s on s.org_id = o.org_id and s.slug = o.slug
         where o.org_id is null or s.org_id is null
    """,
    "I1 an address and its registry disagree": """
        select coalesce(u.id, e.user_id)
          from users u full join email_addresses e on e.user_id = u.id and e.address = u.email
         where u.id is null or e.user_id is null
    """,
    "I1 a token leads to an invitation that has gone": """
        select t.org_id
          from invitation_tokens t
          left join invitations i on i.org_id = t.org_id and i.id = t.invitation_id
         where i.id is null
    """,
    "I1 a key has no secret, or a secret no key": """
        select coalesce(k.org_id, s.org_id)
          from api_keys k
          full join api_key_secrets s on s.org_id = k.org_id and s.key_id = k.id
         where k.id is null or s.key_id is null
    """,
    "I2 an organization has no lasting Admin": f"""
        select o.org_id from organizations o
         where o.deleted_at is null and o.kind = 'team'
           and not exists (select from ({_ABLE_ADMIN}) a where a.org_id = o.org_id)
    """,
    "I3 an organization has not its one default workspace": """
        select o.org_id from organizations o
         where array(select w.id from workspaces w where w.org_id = o.org_id and w.is_default)
               <> array[o.default_workspace_id]
    """,
    "I3 an organization has not its three default roles": """
        select o.org_id from organizations o
         where array(select r.key || '/' || r.name from roles r
                      where r.org_id = o.org_id and r.is_default order by r.key)
               <> array['admin/Admin', 'developer/Developer', 'viewer/Viewer']
    """,
    "I4 a person has not exactly one personal organization": """
        select u.id
          from users u
          left join organizations o
            on o.owner_id = u.id and o.kind = 'personal' and o.deleted_at is null
         group by u.id having count(o.org_id) <> 1
    """,
    "I4 a personal organization is not managed by its owner": f"""
        select o.org_id from organizations o
         where o.kind = 'personal' and o.deleted_at is null
           and not exists (select from ({_LASTING_ADMIN}) a join users u on u.id = a.user_id
                            where a.org_id = o.org_id and a.user_id = o.owner_id)
    """,
    "I4 something is left of a person who has gone": """
        select x.user_id
          from (select user_id from sessions union all select user_id from account_tokens
                union all select user_id from idempotency_keys) x
          left join users u on u.id = x.user_id
         where u.id is null and not exists (select from api_keys k where k.id = x.user_id)
           and not exists (select from erasures e where e.user_id = x.user_id)
    """,
    "I5 a membership lacks its person, organization or role": """
        select m.org_id
          from memberships m
          left join users u on u.id = m.user_id
          left join organizations o on o.org_id = m.org_id
          left join roles r on r.org_id = m.org_id and r.id = m.role_id
         where u.id is null or o.org_id is null or r.id is null
    """,
    "I5 an operator is no person": """
        select o.user_id from operators o left join users u on u.id = o.user_id where u.id is null
    """,
    "I5 an identity lacks its person": """
        select i.user_id from identities i left join users u on u.id = i.user_id
         where i.user_id is not null and u.id is null
    """,
    "I3 a default workspace is not open to all": """
        select org_id from workspaces
         where is_default and (archived_at is not null or visibility <> 'organization')
    """,
    "I5 a retired role is held": """
        select r.org_id from roles r
         where r.retired_at is not null
           and (exists (select from memberships m where m.org_id = r.org_id and m.role_id = r.id)
                or exists (select from workspace_memberships wm
                            where wm.org_id = r.org_id and wm.role_id = r.id)
                or exists (select from api_keys k
                            where k.org_id = r.org_id and k.role_id = r.id)
                or exists (select from service_accounts a
                            where a.org_id = r.org_id and a.role_id = r.id))
    """,
    "I5 a key is no one's, or rests on what is not there": """
        select k.org_id from api_keys k
          left join memberships m on m.org_id = k.org_id and m.id = k.membership_id
          left join service_accounts a on a.org_id = k.org_id and a.id = k.service_account_id
         where num_nonnulls(m.id, a.id) <> 1
    """,
    "I5 a key or a service account is bound to no workspace there is": """
        select b.org_id
          from (select org_id, workspace_id from api_keys
                union all select org_id, workspace_id from service_accounts) b
          left join workspaces w on w.org_id = b.org_id and w.id = b.workspace_id
         where b.workspace_id is not null and w.id is null
    """,
    "I5 a retired role could still be given": """
        select r.org_id from roles r
          join invitations i on i.org_id = r.org_id and i.status in ('pending', 'expired')
         where r.retired_at is not null
           and (i.role_id = r.id
                or exists (select from invitation_workspaces iw
                            where iw.org_id = i.org_id and iw.invitation_id = i.id
                              and iw.role_id = r.id))
    """,
    "I5 a person has not made as many organizations as are counted": """
        select u.id
          from users u
          left join organizations o on o.created_by = u.id and o.kind = 'team'
         group by u.id having u.organizations_created <> count(o.org_id)
    """,
    "I6 a workspace's member is none of its organization": """
        select wm.org_id
          from workspace_memberships wm
          left join memberships m on m.org_id = wm.org_id and m.id = wm.membership_id
         where m.id is null
    """,
    "I6 a workspace membership lacks its workspace or role": """
        select wm.org_id
          from workspace_memberships wm
          left join workspaces w on w.org_id = wm.org_id and w.id = wm.workspace_id
          left join roles r on r.org_id = wm.org_id and r.id = wm.role_id
         where w.id is null or r.id is null
    """,
    "I7 somebody is a member twice": """
        select org_id from memberships group by org_id, user_id having count(*) > 1
    """,
    "I8 an address has two pending invitations": """
        select org_id from invitations where status = 'pending'
         group by org_id, email having count(*) > 1
    """,
    "I8 an acceptance has no membership, or a membership no acceptance": """
        select org_id from invitations where (status = 'accepted') <> (membership_id is not null)
    """,
    "I8 two accepted invitations made one membership": """
        select org_id from invitations where membership_id is not null
         group by org_id, membership_id having count(*) > 1
    """,
    "I8 an invitation was accepted by the member of another organization": """
        select i.org_id from invitations i join memberships m on m.id = i.membership_id
         where m.org_id <> i.org_id
    """,
    "I8 an invitation was accepted twice": f"""
        select org_id from ({_ACCEPTANCE}) c
         where noun = 'invitation' and becomes ->> 'status' = 'accepted'
         group by org_id, object_id having count(*) > 1
    """,
    "I8 an acceptance did not make exactly one member": f"""
        select org_id from ({_ACCEPTANCE}) c
         group by org_id, event_id
        having count(*) filter (where noun = 'member' and was = 'null' and becomes <> 'null') <> 1
    """,
    "I8 the accepted invitations are not those that events tell of": """
        select coalesce(i.org_id, e.org_id)
          from (select org_id, count(*) from invitations where status = 'accepted' group by 1) i
          full join (select org_id, count(*) from events
                      where action = 'invitation.accepted' group by 1) e on e.org_id = i.org_id
         where i.count is distinct from e.count
           -- Those that were kept long enough have gone, and events with them, or after them.
           and not exists (select from events d where d.action = 'invitation.deleted'
                              and d.org_id = coalesce(i.org_id, e.org_id))
    """,
}


def faults(
    admin: psycopg.Connection[Any],
    secrets: Iterable[str] = (),
    *,
    about: Collection[UUID] | None = None,
    since: int = 0,
) -> list[str]:
    """Whatever does not hold, each as a sentence that begins with its invariant; empty if all do.

    `admin` is a connection that row security does not bind. `secrets` are passwords and tokens that
    must lie nowhere. `about` keeps what concerns these organizations and people alone, for a
    database in which other tests leave things in disorder; what was written before the transaction
    `since` is not searched for secrets.
    """
    broken = [
        f"{name}: {subject}"
        for name, query in INVARIANTS.items()
        for (subject,) in admin.execute(query).fetchall()
        if about is None or subject in about
    ]
    return [*broken, *readable_secrets(admin, secrets, since), *foreign_rows(admin)]
