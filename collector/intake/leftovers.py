"""What a server that was killed leaves of files: those on their way in, which their clients send anew, and those on their way out."""

from datetime import timedelta

from sqlalchemy import select

from collector.intake.deletion import erase_waiting
from collector.store import File, utc_now
from collector.store.contents import contents
from collector.store.session import reading

#: For how long it lies: an upload that is just being begun is not known yet, and a slow one may be at it.
LEFT_FOR = timedelta(days=1)


def drop_leftovers() -> None:
    """Take away what was erased; and, after a day, pieces of uploads that are whole or that nobody knows of, and what is half written."""
    erase_waiting()
    before = utc_now() - LEFT_FOR
    old = {upload_id for upload_id, kept_at in contents().piece_ids() if kept_at < before}
    unfinished = select(File.id).where(File.id.in_(old), File.completed_at.is_(None))
    for upload_id in old.difference(reading().scalars(unfinished)):
        contents().drop_pieces(upload_id)
    contents().drop_leftovers(before)
