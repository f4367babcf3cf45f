"""Where in the archive the pages stand from which the articles were read."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlite_utils import Database

from crawler.items import Link
from data.packing import unpack
from data.rows import Row
from data.times import moment

Place = tuple[str, int]
"""Name of an archive file, and the offset in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page of an article, in the archive."""

    url: str
    """The address that answered."""
    warc_file: str
    warc_offset: int

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(url=row["final_url"], warc_file=row["warc_file"], warc_offset=row["warc_offset"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An article, and all that it can be read from again."""

    article_id: int
    url: str
    fetched: datetime | None
    """When it was fetched as it is kept, ``None`` for a file whose fetch time nobody gave."""
    link: Link | None
    """What announced it."""
    answers: tuple[Answer, ...]
    """The newest first."""


def fetched_articles(db: Database) -> Iterator[Fetched]:
    """Every article that is not removed."""
    for row in list(db.query(_ARTICLES)):
        yield Fetched(
            article_id=row["id"],
            url=row["url"],
            fetched=moment(row["fetched_at"]) if row["fetched_at"] else None,
            link=unpack(row["link"], Link),
            answers=tuple(Answer.of(found) for found in db.query(_ANSWERS, [row["id"], row["url"]])),
        )


def answer_at(db: Database, url: str) -> Answer | None:
    """The newest page in the archive that an address answered with."""
    found = next(db.query(_ANSWER, [url]), None)
    return Answer.of(found) if found else None


def is_archived(db: Database, url: str, sha256: str) -> bool:
    """Whether these bytes stand in the archive as an answer of this address."""
    sql = "select 1 from fetches where url = ? and sha256 = ? and warc_file is not null limit 1"
    return db.execute(sql, [url, sha256]).fetchone() is not None


def move_fetches(db: Database, files: Collection[str], moved: Mapping[Place, Place | None]) -> None:
    """Let the fetch log say where what stood in these files stands now: nowhere, unless it moved."""
    of_files = "select id, warc_file, warc_offset from fetches where warc_file in (select value from json_each(?))"
    with db.atomic():
        found = db.execute(of_files, [json.dumps(sorted(files))]).fetchall()
        rows = [(*(moved.get((file, offset)) or (None, None)), number) for number, file, offset in found]
        db.conn.executemany("update fetches set warc_file = ?, warc_offset = ? where id = ?", rows)


_ARTICLES = """
    select id, url, fetched_at, (
        select link from jobs where article_id = articles.id and link is not null order by ok_at desc, id limit 1
      ) as link
    from articles where id not in (select article_id from removals where undone_at is null) order by id
"""
_ANSWERS = """
    select final_url, warc_file, warc_offset from fetches
    where status = 200 and warc_file is not null
      and url in (select url from jobs where article_id = ?1 union select ?2)
    order by at desc, id desc
"""
_ANSWER = """
    select final_url, warc_file, warc_offset from fetches
    where status = 200 and warc_file is not null and url = ? order by at desc, id desc limit 1
"""
