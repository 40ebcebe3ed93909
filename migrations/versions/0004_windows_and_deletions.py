"""When a questionnaire is open, responses that were deleted, what became of quarantined documents, and more of what phones hold."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # One ALTER TABLE a column: both databases add columns without making the table anew.
    op.add_column("questionnaires", sa.Column("opens_at", MOMENT, nullable=True))
    op.add_column("questionnaires", sa.Column("closes_at", MOMENT, nullable=True))
    op.add_column("devices", sa.Column("oldest_waiting_at", MOMENT, nullable=True))
    op.add_column("devices", sa.Column("failed_responses", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("quarantine", sa.Column("clock_offset_ms", sa.Integer(), nullable=True))
    op.add_column("quarantine", sa.Column("resolution", sa.String(length=20), nullable=True))
    op.add_column("quarantine", sa.Column("resolution_note", sa.Text(), nullable=False, server_default=""))
    op.add_column("quarantine", sa.Column("resolved_by", sa.String(length=36), nullable=True))
    op.add_column("quarantine", sa.Column("accepted_as", sa.String(length=36), nullable=True))
    op.create_index(op.f("ix_quarantine_accepted_as"), "quarantine", ["accepted_as"], unique=False)
    op.create_table(
        "deleted_responses",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("content_hashes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=False),
        sa.Column("deleted_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_deleted_responses_questionnaire_id")
        ),
        sa.ForeignKeyConstraint(["deleted_by"], ["users.id"], name=op.f("fk_deleted_responses_deleted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deleted_responses")),
    )


def downgrade() -> None:
    op.drop_table("deleted_responses")
    op.drop_index(op.f("ix_quarantine_accepted_as"), table_name="quarantine")
    for name in ("accepted_as", "resolved_by", "resolution_note", "resolution", "clock_offset_ms"):
        op.drop_column("quarantine", name)
    for name in ("failed_responses", "oldest_waiting_at"):
        op.drop_column("devices", name)
    for name in ("closes_at", "opens_at"):
        op.drop_column("questionnaires", name)
