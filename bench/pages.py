"""What a page of members costs, near and far: `python -m bench.pages`.

One organization of 100,000 members is read in pages of 100, the first and the thousandth in turn,
over one connection. What counts is the ratio of the two medians.
"""

import time
from http.client import HTTPConnection
from statistics import median

import psycopg

from bench import ours
from bench.population import ID_OF, MEMBERSHIP, ORGANIZATION, ROLE, USER, USERS, id_of
from bench.postgres import Postgres
from bench.services import Service
from bench.tokens import Issuer
from tenantry.kit.ids import Kind, show

MEMBERS, SIZE, ROUNDS = 100_000, 100, 200
FIRST = 1_000_000
"""From here on members are numbered; the organization's few others come before them."""

CROWD = f"""
insert into users (id, email, name, created_at, updated_at)
select pg_temp.id_of({USER}, {USERS} + n), 'crowd-' || n || '@example.com', 'Crowd', now(), now()
from generate_series(1, {MEMBERS}) n;

insert into email_addresses select email, id from users where email like 'crowd-%';

insert into memberships (org_id, id, user_id, role_id, created_at, updated_at)
select pg_temp.id_of({ORGANIZATION}, 0), pg_temp.id_of({MEMBERSHIP}, {FIRST} + n),
    pg_temp.id_of({USER}, {USERS} + n), pg_temp.id_of({ROLE}, 2), now(), now()
from generate_series(1, {MEMBERS}) n
"""


def crowd(server: Postgres, database: str) -> None:
    """Fill the first organization."""
    with psycopg.connect(server.dsn(database=database)) as connection:
        connection.execute(ID_OF)
        connection.execute(CROWD)
    server.run("vacuum analyze", database)


def measured(service: Service, token: str, paths: list[str]) -> list[float]:
    """The median time of each path in milliseconds, all of them asked in turn."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=10)
    times: list[list[float]] = [[] for _ in paths]
    for _ in range(ROUNDS):
        for path, taken in zip(paths, times, strict=True):
            begun = time.perf_counter()
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            response = connection.getresponse()
            full = response.read().count(b'"mem_')
            taken.append((time.perf_counter() - begun) * 1000)
            if response.status != 200 or full < SIZE:
                raise SystemExit(f"{path}: {response.status}, {full} members")
    return [median(taken[ROUNDS // 10 :]) for taken in times]


def main() -> None:
    """Start, fill, measure, stop."""
    issuer = Issuer.fresh()
    with Postgres() as server:
        service = ours.start(server, issuer)
        try:
            crowd(server, service.name)
            far = show(Kind.MEMBERSHIP, id_of(MEMBERSHIP, FIRST + MEMBERS - SIZE))
            list_ = f"/api/v1/organizations/{service.id(ORGANIZATION, 0)}/members?limit={SIZE}"
            token = service.token(issuer, 0)
            near, distant = measured(service, token, [list_, f"{list_}&after={far}"])
        finally:
            service.stop()
    print(f"page 1: {near:.2f} ms, page {MEMBERS // SIZE:,}: {distant:.2f} ms,"
          f" ratio {distant / near:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
