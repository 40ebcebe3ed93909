"""The supervisor's desk: history of places, lists of doors and visits, decisions and comments, what is drawn from responses."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

#: Each change of a response that counts is told by the database itself, whoever makes it: a row of -1 for what it was and one of +1 for
#: what it is. Nothing is ever updated, so that no two writers wait for one another.
COLUMNS = "questionnaire_id, place_id, author_id, received_on, state, is_test, number, last_at"
VALUES = (
    "{row}.questionnaire_id, {row}.place_id, {row}.author_id, {row}.received_on, {row}.state, {row}.is_test, {number},"
    " {row}.received_at"
)
CAME = f"INSERT INTO response_counts ({COLUMNS}) VALUES ({VALUES.format(row='NEW', number=1)});"
WENT = f"INSERT INTO response_counts ({COLUMNS}) VALUES ({VALUES.format(row='OLD', number=-1)});"
COUNTED = "questionnaire_id, place_id, author_id, received_on, state, is_test"

SQLITE_TRIGGERS = (
    f"CREATE TRIGGER response_came AFTER INSERT ON responses BEGIN {CAME} END",
    f"CREATE TRIGGER response_went AFTER DELETE ON responses BEGIN {WENT} END",
    f"CREATE TRIGGER response_changed AFTER UPDATE OF {COUNTED} ON responses BEGIN {WENT} {CAME} END",
)
POSTGRESQL_TRIGGERS = (
    f"""CREATE FUNCTION count_response() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN {WENT} END IF;
    IF TG_OP <> 'DELETE' THEN {CAME} END IF;
    RETURN NULL;
END $$""",
    f"CREATE TRIGGER response_counted AFTER INSERT OR DELETE OR UPDATE OF {COUNTED} ON responses"
    " FOR EACH ROW EXECUTE FUNCTION count_response()",
)

#: Indexes of the few responses that a supervisor looks for, newest first; by their conditions on PostgreSQL and SQLite.
FEW_RESPONSES = {
    "ix_responses_conflicted": ("is_conflicted", "is_conflicted = 1"),
    "ix_responses_incomplete": ("missing_files > 0", "missing_files > 0"),
    "ix_responses_flagged": ("flag_count > 0", "flag_count > 0"),
    "ix_responses_tests": ("is_test", "is_test = 1"),
}

#: What was there before: every place has always stood as it stands, every response is counted, every flag has its row.
EARLIER = (
    "INSERT INTO place_states (place_id, since, parent_id, position, names, is_ended)"
    " SELECT id, '1900-01-01', parent_id, position, names, {false} FROM places",
    f"INSERT INTO response_counts ({COLUMNS}) SELECT questionnaire_id, place_id, author_id, received_on, state, is_test, count(*),"
    f" max(received_at) FROM responses GROUP BY {COUNTED}",
)


def upgrade() -> None:
    op.create_table(
        "response_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.String(length=36), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("is_folded", sa.Boolean(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_counts")),
    )
    op.create_index(
        "ix_response_counts_key", "response_counts", ["questionnaire_id", "place_id", "received_on"], unique=False
    )
    op.create_index("ix_response_counts_author_id", "response_counts", ["author_id"], unique=False)
    loose = {"sqlite": sa.text("is_folded = 0"), "postgresql": sa.text("NOT is_folded")}
    op.create_index(
        "ix_response_counts_loose",
        "response_counts",
        ["id"],
        sqlite_where=loose["sqlite"],
        postgresql_where=loose["postgresql"],
    )
    op.create_table(
        "place_boundaries",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_boundaries_place_id")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place_boundaries")),
    )
    op.create_table(
        "place_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.String(length=20), server_default="added", nullable=False),
        sa.Column("act_id", sa.String(length=36), server_default="", nullable=False),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("made_by", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_place_states_made_by")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_states_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_states")),
    )
    op.create_index("ix_place_states_place", "place_states", ["place_id", "since", "id"], unique=False)
    op.create_index(op.f("ix_place_states_act_id"), "place_states", ["act_id"], unique=False)
    op.create_table(
        "questionnaire_assignments",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_questionnaire_assignments_questionnaire_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_questionnaire_assignments_user_id")),
        sa.PrimaryKeyConstraint("user_id", "questionnaire_id", name=op.f("pk_questionnaire_assignments")),
    )
    op.create_table(
        "visit_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("archived_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_visit_lists_created_by")),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_visit_lists_questionnaire_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_lists")),
    )
    op.create_table(
        "list_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=400), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("assigned_to", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_visit_at", MOMENT, nullable=True),
        sa.Column("call_at", MOMENT, nullable=True),
        sa.Column("response_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["assigned_to"], ["users.id"], name=op.f("fk_list_entries_assigned_to")),
        sa.ForeignKeyConstraint(["list_id"], ["visit_lists.id"], name=op.f("fk_list_entries_list_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_list_entries_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_entries")),
        sa.UniqueConstraint("list_id", "key", name=op.f("uq_list_entries_list_id_key")),
    )
    op.create_index(op.f("ix_list_entries_assigned_to"), "list_entries", ["assigned_to"], unique=False)
    op.create_index("ix_list_entries_place", "list_entries", ["place_id", "list_id"], unique=False)
    op.create_index("ix_list_entries_order", "list_entries", ["list_id", "position", "id"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_comments_by")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_comments_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_response_id"), "comments", ["response_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_decisions_by")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_decisions_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_batch_id"), "decisions", ["batch_id"], unique=False)
    op.create_index(op.f("ix_decisions_response_id"), "decisions", ["response_id"], unique=False)
    op.create_table(
        "no_duplicates",
        sa.Column("one_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_no_duplicates_by")),
        sa.ForeignKeyConstraint(["one_id"], ["responses.id"], name=op.f("fk_no_duplicates_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["responses.id"], name=op.f("fk_no_duplicates_other_id")),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_no_duplicates")),
    )
    op.create_index(op.f("ix_no_duplicates_other_id"), "no_duplicates", ["other_id"], unique=False)
    op.create_table(
        "response_flags",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_response_flags_response_id")),
        sa.PrimaryKeyConstraint("response_id", "code", name=op.f("pk_response_flags")),
    )
    op.create_index(
        "ix_response_flags_code", "response_flags", ["questionnaire_id", "code", "response_id"], unique=False
    )
    op.create_table(
        "response_measures",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.String(length=36), nullable=True),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("unanswered_by_choice", sa.Integer(), nullable=False),
        sa.Column("same_in_a_row", sa.Integer(), nullable=False),
        sa.Column("begun_minute", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("spot", sa.String(length=30), nullable=True),
        sa.Column("answers_hash", sa.String(length=64), nullable=False),
        sa.Column("clock_behind_s", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_response_measures_response_id")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_response_measures")),
    )
    op.create_index(
        "ix_response_measures_answers", "response_measures", ["questionnaire_id", "answers_hash"], unique=False
    )
    op.create_index("ix_response_measures_author", "response_measures", ["questionnaire_id", "author_id"], unique=False)
    op.create_index("ix_response_measures_place", "response_measures", ["place_id"], unique=False)
    op.create_index("ix_response_measures_spot", "response_measures", ["questionnaire_id", "spot"], unique=False)
    op.create_table(
        "response_terms",
        sa.Column("term", sa.String(length=40), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_response_terms_response_id")),
        sa.PrimaryKeyConstraint("term", "received_at", "response_id", name=op.f("pk_response_terms")),
    )
    op.create_index(op.f("ix_response_terms_response_id"), "response_terms", ["response_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("call_at", MOMENT, nullable=True),
        sa.Column("response_id", sa.String(length=36), nullable=True),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_visits_device_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["list_entries.id"], name=op.f("fk_visits_entry_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_visits_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_entry_id"), "visits", ["entry_id"], unique=False)
    op.add_column("places", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("places", sa.Column("successor_id", sa.Integer(), nullable=True))
    op.add_column("questionnaires", sa.Column("archived_at", MOMENT, nullable=True))
    op.add_column("questionnaires", sa.Column("is_testing", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("questionnaires", sa.Column("testing_since", MOMENT, nullable=True))
    op.add_column("questionnaires", sa.Column("live_since", MOMENT, nullable=True))
    op.add_column("questionnaires", sa.Column("personal_fields", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("questionnaires", sa.Column("duplicate_keys", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("questionnaires", sa.Column("quality_rules", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("responses", sa.Column("is_test", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("responses", sa.Column("duplicate_key", sa.String(length=64), nullable=True))
    op.create_index("ix_responses_duplicates", "responses", ["questionnaire_id", "duplicate_key"], unique=False)
    op.create_index("ix_responses_place", "responses", ["place_id", "received_at", "id"], unique=False)
    op.create_index("ix_responses_state", "responses", ["state", "received_at", "id"], unique=False)
    op.create_index("ix_responses_finished", "responses", ["finished_at", "id"], unique=False)
    op.create_index("ix_responses_name", "responses", ["instance_name", "id"], unique=False)
    for name, (on_postgresql, on_sqlite) in FEW_RESPONSES.items():
        op.create_index(
            name,
            "responses",
            ["received_at", "id"],
            postgresql_where=sa.text(on_postgresql),
            sqlite_where=sa.text(on_sqlite),
        )
    op.add_column("revisions", sa.Column("edited_by", sa.String(length=36), nullable=True))
    op.add_column("revisions", sa.Column("edit_reason", sa.Text(), server_default="", nullable=False))
    is_edited = sa.text("edited_by IS NOT NULL")
    op.create_index(
        "ix_revisions_edited", "revisions", ["response_id"], postgresql_where=is_edited, sqlite_where=is_edited
    )
    op.add_column("targets", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column("targets", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("targets", sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    op.add_column("users", sa.Column("session_epoch", sa.Integer(), server_default="0", nullable=False))
    op.add_column("users", sa.Column("totp_secret", sa.String(length=64), nullable=True))
    op.add_column("users", sa.Column("totp_last_step", sa.Integer(), nullable=True))
    op.add_column("users", sa.Column("sees_personal", sa.Boolean(), server_default="1", nullable=False))
    op.add_column("users", sa.Column("recovery_codes", sa.JSON(), server_default="[]", nullable=False))
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in EARLIER:
        op.execute(statement.replace("{false}", "false" if is_postgresql else "0"))
    for statement in POSTGRESQL_TRIGGERS if is_postgresql else SQLITE_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER response_counted ON responses")
        op.execute("DROP FUNCTION count_response()")
    else:
        for name in ("response_came", "response_went", "response_changed"):
            op.execute(f"DROP TRIGGER {name}")
    op.drop_column("users", "recovery_codes")
    op.drop_column("users", "sees_personal")
    op.drop_column("users", "totp_last_step")
    op.drop_column("users", "totp_secret")
    op.drop_column("users", "session_epoch")
    op.drop_column("targets", "priority")
    op.drop_column("targets", "ends_on")
    op.drop_column("targets", "starts_on")
    op.drop_index("ix_revisions_edited", table_name="revisions")
    op.drop_column("revisions", "edit_reason")
    op.drop_column("revisions", "edited_by")
    for name in (
        *FEW_RESPONSES,
        "ix_responses_name",
        "ix_responses_finished",
        "ix_responses_state",
        "ix_responses_place",
    ):
        op.drop_index(name, table_name="responses")
    op.drop_index("ix_responses_duplicates", table_name="responses")
    op.drop_column("responses", "duplicate_key")
    op.drop_column("responses", "is_test")
    op.drop_column("questionnaires", "quality_rules")
    op.drop_column("questionnaires", "duplicate_keys")
    op.drop_column("questionnaires", "personal_fields")
    op.drop_column("questionnaires", "live_since")
    op.drop_column("questionnaires", "testing_since")
    op.drop_column("questionnaires", "is_testing")
    op.drop_column("questionnaires", "archived_at")
    op.drop_column("places", "successor_id")
    op.drop_column("places", "ended_on")
    op.drop_index(op.f("ix_visits_entry_id"), table_name="visits")
    op.drop_table("visits")
    op.drop_index(op.f("ix_response_terms_response_id"), table_name="response_terms")
    op.drop_table("response_terms")
    op.drop_index("ix_response_measures_spot", table_name="response_measures")
    op.drop_index("ix_response_measures_place", table_name="response_measures")
    op.drop_index("ix_response_measures_author", table_name="response_measures")
    op.drop_index("ix_response_measures_answers", table_name="response_measures")
    op.drop_table("response_measures")
    op.drop_index("ix_response_flags_code", table_name="response_flags")
    op.drop_table("response_flags")
    op.drop_index(op.f("ix_no_duplicates_other_id"), table_name="no_duplicates")
    op.drop_table("no_duplicates")
    op.drop_index(op.f("ix_decisions_response_id"), table_name="decisions")
    op.drop_index(op.f("ix_decisions_batch_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(op.f("ix_comments_response_id"), table_name="comments")
    op.drop_table("comments")
    op.drop_index("ix_list_entries_place", table_name="list_entries")
    op.drop_index(op.f("ix_list_entries_assigned_to"), table_name="list_entries")
    op.drop_table("list_entries")
    op.drop_table("visit_lists")
    op.drop_table("questionnaire_assignments")
    op.drop_table("place_states")
    op.drop_table("place_boundaries")
    op.drop_index("ix_response_counts_author_id", table_name="response_counts")
    op.drop_index("ix_response_counts_key", table_name="response_counts")
    op.drop_table("response_counts")
