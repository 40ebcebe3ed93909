"""A real district: sealed documents, consent, erasure and retention, hosts, backups, keys and nonces."""

from collections.abc import Callable
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
#: Columns that are sealed from now on, with their type before and their default, if the database has one.
SEALED: tuple[tuple[str, str, str, str | None], ...] = (
    ("revisions", "document", "text", None),
    ("revisions", "edit_reason", "text", ""),
    ("quarantine", "document", "text", None),
    ("quarantine", "resolution_note", "text", ""),
    ("responses", "instance_name", "varchar(255)", None),
    ("response_measures", "latitude", "double precision", None),
    ("response_measures", "longitude", "double precision", None),
    ("deleted_responses", "note", "text", None),
    ("decisions", "reason", "text", None),
    ("comments", "text", "text", None),
    ("list_entries", "label", "varchar(400)", None),
    ("list_entries", "note", "varchar(1000)", None),
    ("users", "totp_secret", "varchar(64)", None),
    ("devices", "sealed_digest", "text", None),
    ("webhooks", "sealed_secret", "text", None),
)


def upgrade() -> None:
    # Names are sealed, so that nothing is in their order any more.
    op.drop_index("ix_responses_name", table_name="responses")
    # SQLite keeps bytes in a column of any type.
    if is_postgresql():
        change_types(lambda _type: "bytea", lambda column: f"convert_to({column}::text, 'UTF8')")
    op.add_column("revisions", sa.Column("erased_hash", sa.String(length=64), nullable=True))
    op.add_column("quarantine", sa.Column("erased_hash", sa.String(length=64), nullable=True))
    op.add_column("responses", sa.Column("consent", sa.String(length=10), nullable=True))
    op.add_column("responses", sa.Column("erased", sa.String(length=10), server_default="", nullable=False))
    op.add_column("questionnaires", sa.Column("retention_days", sa.Integer(), nullable=True))
    op.add_column(
        "questionnaires",
        sa.Column("retention_extent", sa.String(length=10), server_default="personal", nullable=False),
    )
    op.add_column("versions", sa.Column("personal_fields", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("versions", sa.Column("consent", sa.JSON(), nullable=True))
    op.add_column("failed_sign_ins", sa.Column("what", sa.String(length=32), server_default="", nullable=False))
    op.create_index(op.f("ix_failed_sign_ins_at"), "failed_sign_ins", ["at"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("extent", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.LargeBinary() if is_postgresql() else sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_erasures_questionnaire_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_response_id"), "erasures", ["response_id"], unique=False)
    op.create_table(
        "erased_contents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("is_upload", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_contents")),
    )
    op.create_index(op.f("ix_erased_contents_at"), "erased_contents", ["at"], unique=False)
    op.create_table(
        "hosts",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("free_bytes", sa.BigInteger(), nullable=False),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hosts")),
    )
    op.create_table(
        "backups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("is_encrypted", sa.Boolean(), nullable=False),
        sa.Column("journal_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
    )
    op.create_table(
        "used_nonces",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_nonces")),
    )
    op.create_index(op.f("ix_used_nonces_made_at"), "used_nonces", ["made_at"], unique=False)
    op.create_table(
        "data_keys",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("first_used_at", MOMENT, nullable=False),
        sa.Column("all_sealed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_keys")),
    )


def is_postgresql() -> bool:
    """Tell whether the database is PostgreSQL, which keeps what is sealed in columns of their own type."""
    return bool(op.get_bind().dialect.name == "postgresql")


def downgrade() -> None:
    refuse_while_sealed()
    for table in ("data_keys", "used_nonces", "backups", "hosts", "erased_contents", "erasures"):
        op.drop_table(table)
    op.drop_index(op.f("ix_failed_sign_ins_at"), table_name="failed_sign_ins")
    for table, column in (
        ("failed_sign_ins", "what"),
        ("versions", "consent"),
        ("versions", "personal_fields"),
        ("questionnaires", "retention_extent"),
        ("questionnaires", "retention_days"),
        ("responses", "erased"),
        ("responses", "consent"),
        ("quarantine", "erased_hash"),
        ("revisions", "erased_hash"),
    ):
        op.drop_column(table, column)
    if is_postgresql():
        change_types(lambda type_: type_, lambda column: f"convert_from({column}, 'UTF8')")
    op.create_index("ix_responses_name", "responses", ["instance_name", "id"], unique=False)


def refuse_while_sealed() -> None:
    """Raise ValueError while anything is sealed: the release before could not read it."""
    is_sealed = (
        "substr({column}, 1, 1) = '\\000'::bytea"
        if is_postgresql()
        else "typeof({column}) = 'blob' AND length({column}) > 0"
    )
    for table, column, _, _ in SEALED:
        query = f"SELECT 1 FROM {table} WHERE {is_sealed.format(column=column)} LIMIT 1"
        if op.get_bind().execute(sa.text(query)).first():
            raise ValueError(
                "What is stored is sealed. Run `flask --app wsgi collector keys unseal` first, then go back."
            )


def change_types(type_of: Callable[[str], str], convert: Callable[[str], str]) -> None:
    """Change the type of every sealed column of PostgreSQL, table by table: each is written anew once."""
    for table, columns in groupby(SEALED, lambda sealed: sealed[0]):
        steps = []
        for _, column, before, default in columns:
            if default is not None:
                steps.append(f"ALTER COLUMN {column} DROP DEFAULT")
            cast = f"::{before}" if type_of(before) == before else ""
            steps.append(f"ALTER COLUMN {column} TYPE {type_of(before)} USING {convert(column)}{cast}")
            if default is not None:
                steps.append(f"ALTER COLUMN {column} SET DEFAULT '{default}'")
        op.execute(f"ALTER TABLE {table} {', '.join(steps)}")
