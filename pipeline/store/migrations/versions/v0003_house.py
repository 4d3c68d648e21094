"""The house: clients, users, sessions; documents, suppliers and orders of a client; events in chains."""

from datetime import UTC, datetime
from types import SimpleNamespace

import sqlalchemy as sa
from alembic import op

from pipeline.store.columns import Moment, PlainText
from pipeline.store.migrations.versions.v0001_ledger import POSTGRESQL_GUARDS, SQLITE_GUARDS
from pipeline.store.trail import START, content, digest

revision = "0003"
down_revision = "0002"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MAIN = "main"
BATCH = 1000


def upgrade() -> None:
    """Give all that is there to the client "main", and chain the events that happened so far."""
    _clients()
    _people()
    _documents()
    _suppliers()
    _events()


def _clients() -> None:
    clients = op.create_table(
        "clients",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clients"),
    )
    main = {"id": MAIN, "name": "Main", "active": True, "policy": {}, "created_at": datetime.now(UTC)}
    op.bulk_insert(clients, [main])


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("password", PlainText(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "rights",
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_rights_user_id_users"),
        sa.PrimaryKeyConstraint("user_id", "client_id", "role", name="pk_rights"),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id_users"),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("name", PlainText(), nullable=False),
        sa.Column("address", PlainText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_name_at", "sign_in_attempts", ["name", "at"])
    op.create_index("ix_sign_in_attempts_address_at", "sign_in_attempts", ["address", "at"])


def _documents() -> None:
    with op.batch_alter_table("documents") as table:
        table.add_column(_client_column())
        table.drop_constraint("uq_documents_sha256", type_="unique")
        table.create_unique_constraint("uq_documents_client_id_sha256", ["client_id", "sha256"])
        table.create_foreign_key("fk_documents_client_id_clients", "clients", ["client_id"], ["id"])
        table.create_index("ix_documents_sha256", ["sha256"])


def _suppliers() -> None:
    with op.batch_alter_table("supplier") as table:
        table.add_column(_client_column())
        table.drop_constraint("uq_supplier_key", type_="unique")
        table.create_unique_constraint("uq_supplier_client_id_key", ["client_id", "key"])
    with op.batch_alter_table("purchase_order") as table:
        table.add_column(_client_column())
        table.drop_constraint("uq_purchase_order_number", type_="unique")
        table.create_unique_constraint("uq_purchase_order_client_id_number", ["client_id", "number"])
    with op.batch_alter_table("purchase_order_invoice") as table:
        table.add_column(_client_column())
        table.drop_index("ix_purchase_order_invoice_number")
        table.create_index("ix_purchase_order_invoice_client_id_number", ["client_id", "number"])
    op.drop_table("supplier_revision")  # what was made of a client's book is made anew when it is next looked at
    op.create_table(
        "supplier_revision",
        sa.Column("client_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_supplier_revision"),
    )
    revisions = sa.table("supplier_revision", sa.column("client_id"), sa.column("revision"))
    op.execute(revisions.insert().values(client_id=MAIN, revision=1))


def _events() -> None:
    """Make the columns of the chain and fill them; the guards stand aside meanwhile."""
    _without_guards()
    with op.batch_alter_table("events") as table:
        table.add_column(_client_column())
        table.add_column(sa.Column("actor", PlainText(), nullable=False, server_default="system"))
        table.add_column(sa.Column("versions", sa.JSON(), nullable=False, server_default="{}"))
        for name, kind in (("number", sa.Integer()), ("previous", sa.String(64)), ("hash", sa.String(64))):
            table.add_column(sa.Column(name, kind, nullable=True))
    _chain()
    with op.batch_alter_table("events") as table:
        for name, kind in (("number", sa.Integer()), ("previous", sa.String(64)), ("hash", sa.String(64))):
            table.alter_column(name, existing_type=kind, nullable=False)
        table.create_unique_constraint("uq_events_client_id_number", ["client_id", "number"])
    for guard in POSTGRESQL_GUARDS[1:] if _is_postgresql() else SQLITE_GUARDS:
        op.execute(guard)


def _without_guards() -> None:
    if _is_postgresql():
        op.execute("DROP TRIGGER events_no_change ON events")
    else:
        op.execute("DROP TRIGGER events_no_update")
        op.execute("DROP TRIGGER events_no_delete")


def _chain() -> None:
    events = sa.table(
        "events",
        sa.column("id", BIG_ID),
        sa.column("at", Moment()),
        *map(sa.column, ("client_id", "number", "kind", "document_id", "actor", "arrival", "previous", "hash")),
        sa.column("data", sa.JSON()),
        sa.column("versions", sa.JSON()),
    )
    connection = op.get_bind()
    change = (
        sa.update(events)
        .where(events.c.id == sa.bindparam("which"))
        .values({name: sa.bindparam(name) for name in ("number", "previous", "hash")})
    )
    last, number, previous = 0, 0, START
    while True:
        query = sa.select(events).where(events.c.id > last).order_by(events.c.id).limit(BATCH)
        links = []
        for row in connection.execute(query):
            number, last = number + 1, row.id
            event = SimpleNamespace(**{**row._mapping, "number": number, "previous": previous})
            links.append({"which": row.id, "number": number, "previous": previous, "hash": digest(content(event))})
            previous = links[-1]["hash"]
        if not links:
            return
        connection.execute(change, links)


def _client_column() -> sa.Column[str]:
    return sa.Column("client_id", sa.String(length=32), nullable=False, server_default=MAIN)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
