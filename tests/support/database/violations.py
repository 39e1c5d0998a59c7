"""How each invariant can be broken: statements for a database in which people have lived."""

ADMIN_OF_ACME = "where org_id = %(acme)s and user_id = %(alice)s"
_ACCEPTED = "where org_id = %(acme)s and status = 'accepted'"
_ACCEPTANCE = "where org_id = %(acme)s and action = 'invitation.accepted'"
_COPY_MEMBERSHIP = """
    insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
    select org_id, %(other)s, user_id, role_id, created_at, updated_at from memberships
"""
_COPY_INVITATION = """
    insert into invitations (org_id, id, email, role_id, status, membership_id, invited_by,
                             email_id, expires_at, created_at, updated_at)
    select org_id, %(other)s, email, role_id, status, membership_id, invited_by, email_id,
           expires_at, created_at, updated_at from invitations
"""
_COPY_EVENT = """
    insert into events (org_id, id, action, actor_type, actor_name, targets, changes, occurred_at)
    select org_id, %(other)s, action, actor_type, actor_name, targets, changes, occurred_at
      from events
"""

I1_SLUG = "I1 a slug and its registry disagree"
I1_ADDRESS = "I1 an address and its registry disagree"
I1_TOKEN = "I1 a token leads to an invitation that has gone"
I1_KEY = "I1 a key has no secret, or a secret no key"
I2 = "I2 an organization has no lasting Admin"
I3_WORKSPACE = "I3 an organization has not its one default workspace"
I3_ROLES = "I3 an organization has not its three default roles"
I4_COUNT = "I4 a person has not exactly one personal organization"
I4_OWNER = "I4 a personal organization is not managed by its owner"
I4_LEFT = "I4 something is left of a person who has gone"
I5 = "I5 a membership lacks its person, organization or role"
I5_OPERATOR = "I5 an operator is no person"
I5_IDENTITY = "I5 an identity lacks its person"
I3_OPEN = "I3 a default workspace is not open to all"
I5_HELD = "I5 a retired role is held"
I5_GIVEN = "I5 a retired role could still be given"
I5_MADE = "I5 a person has not made as many organizations as are counted"
I5_KEY = "I5 a key is no one's, or rests on what is not there"
I5_BOUND = "I5 a key or a service account is bound to no workspace there is"
I6_MEMBER = "I6 a workspace's member is none of its organization"
I6_PLACE = "I6 a workspace membership lacks its workspace or role"
I7 = "I7 somebody is a member twice"
I8_PENDING = "I8 an address has two pending invitations"
I8_HALF = "I8 an acceptance has no membership, or a membership no acceptance"
I8_SHARED = "I8 two accepted invitations made one membership"
I8_FOREIGN = "I8 an invitation was accepted by the member of another organization"
I8_TWICE = "I8 an invitation was accepted twice"
I8_MEMBERS = "I8 an acceptance did not make exactly one member"
I8_TOLD = "I8 the accepted invitations are not those that events tell of"

VIOLATIONS = [
    (I1_SLUG, "delete from organization_slugs where org_id = %(acme)s"),
    (I1_SLUG, "insert into organization_slugs values ('left-behind', %(acme)s)"),
    (I1_ADDRESS, "delete from email_addresses where user_id = %(dave)s"),
    (I1_ADDRESS, "insert into email_addresses values ('left.behind@example.com', %(dave)s)"),
    (I1_TOKEN, "delete from invitations where org_id = %(acme)s"),
    (I1_KEY, "delete from api_key_secrets where org_id = %(acme)s"),
    (I1_KEY, "delete from api_keys where org_id = %(acme)s"),
    (I2, f"update memberships set status = 'suspended' {ADMIN_OF_ACME}"),
    (I2, f"update memberships set expires_at = now() + interval '1 year' {ADMIN_OF_ACME}"),
    (I2, f"delete from memberships {ADMIN_OF_ACME}"),
    (I2, "update users set disabled_at = now() where id = %(alice)s"),
    (I2, "update roles set key = 'boss' where org_id = %(acme)s and key = 'admin'"),
    (I3_WORKSPACE, "delete from workspaces where org_id = %(acme)s"),
    (I3_WORKSPACE, "update workspaces set is_default = false where org_id = %(acme)s"),
    (
        I3_WORKSPACE,
        """
        update organizations set default_workspace_id = (
            select default_workspace_id from organizations where org_id = %(bobs)s
        ) where org_id = %(acme)s
        """,
    ),
    (I3_ROLES, "delete from roles where org_id = %(acme)s and key = 'viewer'"),
    (I3_ROLES, "update roles set name = 'Guest' where org_id = %(acme)s and key = 'viewer'"),
    (I3_ROLES, "update roles set is_default = false where org_id = %(acme)s and key = 'viewer'"),
    (I4_COUNT, "update organizations set kind = 'team', owner_id = null where owner_id = %(dave)s"),
    (I4_COUNT, "update organizations set deleted_at = now() where owner_id = %(dave)s"),
    (
        I4_COUNT,
        "update organizations set kind = 'personal', owner_id = %(dave)s where org_id = %(acme)s",
    ),
    (
        I4_OWNER,
        """
        update memberships set status = 'suspended' where user_id = %(dave)s
           and org_id = (select org_id from organizations where owner_id = %(dave)s)
        """,
    ),
    (I4_OWNER, "delete from users where id = %(dave)s"),
    (I4_LEFT, "delete from users where id = %(dave)s"),
    (I5, "delete from users where id = %(dave)s"),
    (I5_OPERATOR, "insert into operators values (%(other)s, now())"),
    (I5, "delete from organizations where org_id = %(acme)s"),
    (I5, "delete from roles where org_id = %(acme)s and key = 'viewer'"),
    (
        I5,
        """
        update memberships set role_id = (
            select id from roles where org_id = %(bobs)s and key = 'viewer'
        ) where org_id = %(acme)s and user_id = %(vera)s
        """,
    ),
    (
        I5_IDENTITY,
        """
        insert into identities (issuer, subject, user_id, session_id, created_at, updated_at)
        values ('https://issuer.test', 'somebody', %(other)s, %(other)s, now(), now())
        """,
    ),
    (I3_OPEN, "update workspaces set visibility = 'private' where org_id = %(acme)s"),
    (I3_OPEN, "update workspaces set archived_at = now() where org_id = %(acme)s"),
    (I5_HELD, "update roles set retired_at = now() where org_id = %(acme)s and key = 'admin'"),
    (I5_GIVEN, "update roles set retired_at = now() where org_id = %(acme)s"),
    (I5_MADE, "update users set organizations_created = 0 where id = %(alice)s"),
    (I5_KEY, "delete from service_accounts where org_id = %(acme)s"),
    (I5_KEY, f"delete from memberships {ADMIN_OF_ACME}"),
    (I5_BOUND, "update service_accounts set workspace_id = %(other)s where org_id = %(acme)s"),
    (I5_BOUND, "delete from workspaces where org_id = %(acme)s"),
    (I6_MEMBER, f"delete from memberships {ADMIN_OF_ACME}"),
    (I6_PLACE, "delete from workspaces where org_id = %(acme)s"),
    (I6_PLACE, "update workspace_memberships set role_id = %(other)s where org_id = %(acme)s"),
    (
        I7,
        f"""
        alter table memberships drop constraint memberships_user;
        {_COPY_MEMBERSHIP} where org_id = %(acme)s and user_id = %(dave)s
        """,
    ),
    (
        I8_PENDING,
        f"""
        drop index invitations_pending;
        {_COPY_INVITATION} where org_id = %(acme)s and status = 'pending'
        """,
    ),
    (
        I8_HALF,
        f"""
        alter table invitations drop constraint invitations_check;
        update invitations set membership_id = null {_ACCEPTED}
        """,
    ),
    (I8_SHARED, f"{_COPY_INVITATION} {_ACCEPTED}"),
    (
        I8_FOREIGN,
        f"""
        update invitations set membership_id = (
            select id from memberships where org_id = %(bobs)s
        ) {_ACCEPTED}
        """,
    ),
    (I8_TWICE, f"{_COPY_EVENT} {_ACCEPTANCE}"),
    (I8_MEMBERS, f"update events set changes = changes || changes {_ACCEPTANCE}"),
    (I8_MEMBERS, f"update events set changes = '[]' {_ACCEPTANCE}"),
    (I8_TOLD, f"delete from events {_ACCEPTANCE}"),
    (I8_TOLD, f"update invitations set status = 'revoked', membership_id = null {_ACCEPTED}"),
]
