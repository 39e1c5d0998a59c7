"""Many tasks on few lines, disturbed in every way, looking for what they must never see."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from psycopg import errors

from tenantry.authz.authorization import Authorization
from tenantry.authz.authorized_reader import AuthorizedReader
from tenantry.authz.builtin_permissions import Permission
from tenantry.authz.claims import Claims
from tenantry.kit.ids import new_id
from tenantry.kit.refusals import NotFound
from tenantry.postgres.connection import Result
from tenantry.postgres.database import Database, DatabaseUnavailable
from tenantry.postgres.statement import BoundStatement, Statement
from tenantry.postgres.transaction import Tx
from tenantry.schema.tenant import set_tenant
from tests.support.database.catalog import TENANT_TABLES
from tests.support.processes import CEILING

_ROWS = " union all ".join(f"select org_id from {table}" for table in TENANT_TABLES)
EVERYTHING = Statement(f"select distinct org_id from ({_ROWS}) rows")
# What a line that was lent has on it from before: a tenant, or a transaction that has written.
CARRIED = Statement("""
    select nullif(current_setting('tenantry.org_id', true), ''),
           pg_current_xact_id_if_assigned()::text
""")
_TOUCH = Statement("update organizations set revision = revision + 1 returning org_id")
_INSERT = Statement("""
    insert into workspaces (org_id, id, name, slug, created_at, updated_at)
    values ($1, $2, 'Torture', $3, $4, $4)
""")
_BROKEN = Statement("select 1 / $1::int")
_KILLED = Statement("select pg_terminate_backend(pg_backend_pid())")
_IMPATIENT = Statement("select set_config('statement_timeout', '1ms', true)")
_SLOW = Statement("select pg_sleep(1)")

_TROUBLES: list[list[BoundStatement]] = [[_BROKEN(0)], [_KILLED()], [_IMPATIENT(), _SLOW()]]
_TROUBLED, _CANCELLED, _LONGEST_TURN = 0.15, 0.15, 0.008

Enter = Callable[[Authorization], BoundStatement]


@dataclass(frozen=True)
class Visitor:
    """A user who calls an organization."""

    claims: Claims
    org_id: UUID
    welcome: bool

    @property
    def authorization(self) -> Authorization:
        return Authorization(self.claims, Permission.WORKSPACE_READ, self.org_id)


class Torture:
    """Reads and writes of many visitors at once; `leaks` says what should not have been."""

    def __init__(self, database: Database, visits: Sequence[Visitor], enter: Enter) -> None:
        self.leaks = list[str]()
        self.outcomes = Counter[str]()
        self.kept, self.undone = dict[UUID, UUID](), set[UUID]()
        self._database, self._visits, self._enter = database, visits, enter

    async def run(self, *, tasks: int, turns: int) -> None:
        """Let so many tasks take so many turns each; the same ones every time."""
        await asyncio.gather(*(self._task(Random(number), turns) for number in range(tasks)))

    async def _task(self, chance: Random, turns: int) -> None:
        acts = [self._read, self._read, self._stroll, self._write, self._write_as, self._smuggle]
        for _ in range(turns):
            act, ctx = chance.choice(acts), chance.choice(self._visits)
            patience = chance.uniform(0, _LONGEST_TURN) if chance.random() < _CANCELLED else CEILING
            try:
                async with asyncio.timeout(patience):
                    await act(ctx, chance)
                self.outcomes["done"] += 1
            except (NotFound, DatabaseUnavailable, TimeoutError, errors.Error) as stopped:
                self.outcomes[type(stopped).__name__] += 1

    async def _read(self, ctx: Visitor, chance: Random) -> None:
        """As every read does it: rows come with the authorization, which is decided first."""

        async def exchange(calls: Sequence[BoundStatement]) -> list[Result]:
            sent = [CARRIED(), self._enter(ctx.authorization), *calls[1:]]
            carried, *answers = await self._database.execute(_troubled(sent, chance))
            self._must_carry_nothing(carried)
            self._must_see(answers[-1], [ctx.org_id] if ctx.welcome else [])
            return answers

        await AuthorizedReader(ctx.authorization, exchange).rows(EVERYTHING())
        if not ctx.welcome:
            self.leaks.append("a stranger was let in")

    async def _stroll(self, ctx: Visitor, chance: Random) -> None:
        """Looks and writes without any tenant."""
        sent = _troubled([CARRIED(), EVERYTHING(), _TOUCH()], chance)
        carried, seen, touched = (await self._database.execute(sent))[:3]
        self._must_carry_nothing(carried)
        self._must_see(seen, [])
        self._must_see(touched, [])

    async def _write(self, ctx: Visitor, chance: Random) -> None:
        """As every write does it: who is not let in sees it all undone."""
        entered = self._enter(ctx.authorization)
        made = list[UUID]()
        async with self._database.transaction(CARRIED(), entered) as (tx, (carried, answer)):
            self._must_carry_nothing(carried)
            if not ctx.welcome:
                self._must_see((await tx.execute([EVERYTHING()]))[0], [])
            ctx.authorization.authority(answer)
            await self._writing(tx, ctx, chance, made)
        self.kept.update(dict.fromkeys(made, ctx.org_id))

    async def _write_as(self, ctx: Visitor, chance: Random) -> None:
        """As the worker and the holder of a token do it."""
        made = list[UUID]()
        async with self._database.transaction(CARRIED()) as (tx, (carried,)):
            self._must_carry_nothing(carried)
            self._must_see((await tx.execute([EVERYTHING()]))[0], [])
            set_tenant(tx, ctx.org_id)
            await self._writing(tx, ctx, chance, made)
        self.kept.update(dict.fromkeys(made, ctx.org_id))

    async def _writing(self, tx: Tx, ctx: Visitor, chance: Random, made: list[UUID]) -> None:
        new = new_id()
        self.undone.add(new)
        tx.enqueue(_INSERT(ctx.org_id, new, f"torture-{new.hex}", tx.now))
        _, touched, *_ = await tx.execute(_troubled([EVERYTHING(), _TOUCH()], chance))
        self._must_see(touched, [ctx.org_id])
        made.append(new)
        self.undone.discard(new)  # from here on COMMIT decides, whose answer may be lost

    async def _smuggle(self, ctx: Visitor, chance: Random) -> None:
        """Writes a row of one organization while acting as another."""
        others = {each.org_id for each in self._visits} - {ctx.org_id}
        other, new = chance.choice(sorted(others)), new_id()
        self.undone.add(new)
        async with self._database.transaction() as (tx, _):
            set_tenant(tx, ctx.org_id)
            await tx.execute([_INSERT(other, new, f"torture-{new.hex}", tx.now)])
            self.leaks.append("a row of another tenant was written")

    def _must_carry_nothing(self, answer: Result) -> None:
        if answer.rows != [(None, None)]:
            self.leaks.append("a line came with a tenant or a transaction on it")

    def _must_see(self, answer: Result, expected: list[UUID]) -> None:
        if [row[0] for row in answer.rows] != expected:
            self.leaks.append("rows of another tenant were there")


def _troubled(calls: list[BoundStatement], chance: Random) -> list[BoundStatement]:
    """The same calls, now and then with something between them that ends badly."""
    if chance.random() >= _TROUBLED:
        return calls
    place = chance.randint(1, len(calls))
    return [*calls[:place], *chance.choice(_TROUBLES), *calls[place:]]
