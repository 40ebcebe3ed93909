"""Phones that ask to be let in again after a forgotten PIN."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_recoveries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("reply_key", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_key_recoveries_user_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_key_recoveries_device_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_key_recoveries_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_recoveries")),
        sa.UniqueConstraint("user_id", "reply_key", name=op.f("uq_key_recoveries_user_id_reply_key")),
    )
    op.create_index(op.f("ix_key_recoveries_user_id"), "key_recoveries", ["user_id"], unique=False)
    op.create_index(op.f("ix_key_recoveries_device_id"), "key_recoveries", ["device_id"], unique=False)
    op.create_index(op.f("ix_key_recoveries_asked_at"), "key_recoveries", ["asked_at"], unique=False)


def downgrade() -> None:
    op.drop_table("key_recoveries")
