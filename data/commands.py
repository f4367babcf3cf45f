"""The verbs that touch nothing but the databases."""

import getpass
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from data.check import check_file, check_home
from data.corrections import NEEDS, add_correction, decision, load_corrections
from data.diff import diff as file_diff
from data.diff import told
from data.digest import digest as news
from data.digest import tell
from data.health import SourceHealth
from data.home import Home, Refusal
from data.progress import progress
from data.publish import publish as publish_build
from data.publish import republish
from data.purge import purge as purge_home
from data.releases import release
from data.removal import REASONS, to_remove
from data.removal import remove as hide
from data.removal import undo as undo_removal
from data.review import Ask, Finding
from data.review import review as findings
from data.serve import PROCESSES
from data.serve import serve as serve_build
from data.status import Status
from data.status import status as home_status
from data.store import Store
from data.why import why as reasons

home_option = click.option(
    "--home", "home", type=click.Path(file_okay=False, path_type=Path), default=Path("data/home"),
    envvar="BLOTTER_HOME", show_default=True, metavar="DIR", callback=lambda _c, _p, path: Home(path),
    help="Where everything is kept.",
)  # fmt: skip


quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print the line of counts alone.")


def _moment(_context: click.Context, _parameter: click.Parameter, moment: datetime | None) -> datetime:
    """The time given, else the clock's: the one place where it is read."""
    return moment.replace(tzinfo=UTC) if moment else datetime.now(UTC).replace(microsecond=0)


_TIME = click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"])
now_option = click.option("--now", hidden=True, type=_TIME, default=None, callback=_moment)
_at_option = click.option(
    "--at", "now", hidden=True, type=_TIME, default=None, callback=_moment
)  # --now is a flag there


@click.command()
@home_option
@click.option("--private", is_flag=True, help="Build the newsroom's own file, with every text.")
@click.option("--accept-drop", is_flag=True, help="Publish even if something of the last build is missing.")
@click.option(
    "--release", "is_release", is_flag=True, help="Keep the build as a dated release, with CSV and JSON files."
)
@now_option
def publish(home: Home, private: bool, accept_drop: bool, is_release: bool, now: datetime) -> None:
    """Build the database that readers see, check it, and put it in place.

    Example: blotter publish
    """
    with home.lock():
        report = publish_build(home, private=private, accept_drop=accept_drop, is_whole=is_release)
        folder = release(home, on=now.date()) if is_release else None
    for line in report.idle:
        click.echo(f"correction {line}")
    counts = report.counts
    click.echo(
        f"{'published' if report.is_changed else 'nothing new'}: {counts['articles']} articles,"
        f" {counts['incidents']} incidents, {counts['violations']} violations, {counts['quotes']} quotes,"
        f" {counts['names']} names in {report.path}" + (f"; release {folder.name}" if folder else "")
    )


@click.command()
@home_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--private", is_flag=True, help="Serve the newsroom's own file, with every text.")
@click.option("--processes", default=PROCESSES, show_default=True, type=click.IntRange(1, 32), help="How many serve.")
def serve(home: Home, host: str, port: int, private: bool, processes: int) -> None:
    """Show the published database in Datasette.

    With BLOTTER_CORRECTIONS_URL in the environment, the address of a form or a mailbox, readers send corrections there.

    Example: blotter serve --port 8001
    """
    serve_build(home, host=host, port=port, private=private, processes=processes)


@click.command()
@home_option
@now_option
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON, with the report of the last run.")
def status(home: Home, now: datetime, as_json: bool) -> None:
    """Tell how the home is doing, source by source; exit 1 if something needs a look.

    Example: blotter status --json
    """
    with Store(_existing(home).work_db) as store:
        found = home_status(store.db, home, now=now)
    for line in [json.dumps(asdict(found), indent=1, ensure_ascii=False)] if as_json else _told(found):
        click.echo(line)
    raise SystemExit(int(found.needs_a_look))


def _told(found: Status) -> Iterator[str]:
    """The lines of `status` for a person."""
    if found.sources:
        yield _LINE.format("source", "state", "last ok", "last new", "expected in", "next poll", "articles", "why")
    yield from (_line(source) for source in found.sources)
    yield f"last run: {found.told_of_last_run}"
    disk = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in found.sizes.items() if size)
    yield f"disk: {disk}, {found.free / 1e9:.1f} GB free"
    yield from (f"correction {line}" for line in found.idle_corrections)
    yield ", ".join(f"{number} {name}" for name, number in found.counts.items())


@click.command()
@home_option
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@quiet_option
def check(home: Home, file: Path | None, quiet: bool) -> None:
    """Run every gate and invariant on the home, or on a published FILE; exit 1 if one does not hold.

    If articles were purged, all bytes of the home are read for their sentences, archives unpacked.

    Example: blotter check
    """
    with progress("checking", quiet=quiet) as step:
        found = check_file(file) if file else check_home(_existing(home), step)
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} findings" if found else "all is well")
    raise SystemExit(int(bool(found)))


@click.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", is_flag=True, help="List every key that was added, changed or removed.")
def diff(old: Path, new: Path, keys: bool) -> None:
    """Tell what changed between two published files.

    Example: blotter diff releases/2026-03-01.1/blotter.db releases/latest/blotter.db
    """
    found = file_diff(old, new)
    for line in told(found):
        click.echo(line)
    for one in found if keys else ():
        for number, reason in [*((key, "added") for key in one.added), *((key, "changed") for key in one.changed)]:
            click.echo(f"{one.table} {number}: {reason}")
        for number, reason in one.removed:
            click.echo(f"{one.table} {number}: removed, {reason}")
    if not found:
        click.echo("no fact differs")


@click.command()
@home_option
@now_option
@click.argument("action", type=click.Choice(list(NEEDS)))
@click.argument("words", nargs=-1, required=True)
@click.option("--why", required=True, help="The reason, for readers.")
@click.option("--who", default=getpass.getuser, show_default="your login name", help="Who decides.")
def correct(home: Home, now: datetime, action: str, words: tuple[str, ...], why: str, who: str) -> None:
    """Write a decision into corrections.yml; the next publish applies it.

    \b
    reject FACT          confirm FACT              set FACT FIELD VALUE
    set article:ID FIELD VALUE                     set incident:SLUG FIELD VALUE      set entity:SLUG FIELD VALUE
    merge SLUG INTO      split SLUG NAME INTO      rename SLUG NAME     alias SLUG NAME
    move ARTICLE INCIDENT INTO                     merge_incidents SLUG INTO
    split_incident ARTICLE INCIDENT NEW            (delete an entry of corrections.yml to undo it)

    Example: blotter correct set 8512030049912345 status found --why "the court's order"
    """
    with home.lock(), Store(_existing(home).work_db) as store:
        correction = decision(store.db, action, words, why=why, who=who, on=now.date())
        add_correction(home.corrections, correction)
    click.echo(f"wrote {action} of {correction.target} to {home.corrections}; blotter publish shows it")


@click.command()
@home_option
@now_option
@click.argument("targets", nargs=-1, required=True, metavar="URL|ID...")
@click.option("--reason", type=click.Choice(REASONS), help="Who asked for it, or why; published with the date.")
@click.option("--note", help="More for the newsroom; never published.")
@click.option("--copies", "with_copies", is_flag=True, help="Hide the copies of the article, too, or show them.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be hidden.")
@click.option("--undo", is_flag=True, help="Show an article again that was hidden and not purged.")
def remove(
    home: Home, now: datetime, targets: tuple[str, ...], reason: str | None, note: str | None, with_copies: bool,
    dry_run: bool, undo: bool,
) -> None:  # fmt: skip
    """Hide an article, its versions and all that was found in it, and publish at once.

    Example: blotter remove https://outlet.example/story --reason publisher
    """
    if not (reason or dry_run or undo):
        raise Refusal(f"remove: --reason is missing, expected one of {', '.join(REASONS)}")
    with home.lock():
        with Store(_existing(home).work_db) as store:
            if undo:
                numbers = [n for t in targets for n in undo_removal(store.db, t, with_copies=with_copies, now=now)]
                click.echo(f"shown again: {', '.join(map(str, numbers))}")
            else:
                found = [one for t in targets for one in to_remove(store.db, t, with_copies=with_copies)]
                for one in found:
                    click.echo(f"{one.article_id} {one.url} ({one.facts} facts{', a copy' if one.is_copy else ''})")
                if dry_run:
                    return
                hide(store.db, tuple(found), reason=str(reason), note=note, now=now)
        republish(home)
    click.echo("published without them" if not undo else "published")


@click.command()
@home_option
@_at_option
@click.option("--now", "at_once", is_flag=True, help="Do not wait for the grace time.")
@click.option("--grace", default=30, show_default=True, type=click.IntRange(0), metavar="DAYS", help="The grace time.")
@quiet_option
def purge(home: Home, now: datetime, at_once: bool, grace: int, quiet: bool) -> None:
    """Destroy what was removed: in both databases, archive, backups and past releases.

    Example: blotter purge
    """
    _existing(home)
    with home.lock(), progress("purging", quiet=quiet) as step:
        report = purge_home(home, now=now, grace=timedelta(days=0 if at_once else grace), step=step)
    for line in report.left:
        click.echo(f"{line}: still holds words of a purged article")
    click.echo(
        f"purged {report.articles} articles, {report.files} archive files written anew,"
        f" {len(report.releases)} releases issued again {' '.join(report.releases)}".rstrip()
    )
    raise SystemExit(int(bool(report.left)))


@click.command()
@home_option
@click.argument("target", metavar="URL|ID")
def why(home: Home, target: str) -> None:
    """Tell every stage that an address or article went through, and what decided it.

    Example: blotter why https://outlet.example/story
    """
    with Store(_existing(home).work_db) as store:
        for line in reasons(store.db, target, load_corrections(home.corrections)):
            click.echo(line)


@click.command()
@home_option
@now_option
@click.option("--since", required=True, type=_TIME, callback=_moment, help="The day or moment from which on (UTC).")
@click.option("--on-change", "command", metavar="CMD", help="Hand the lines to this command instead, if there are any.")
def digest(home: Home, now: datetime, since: datetime, command: str | None) -> None:
    """Tell what is new: claims, states of incidents, sources and corrections that need a look.

    Example: blotter digest --since 2026-03-01
    """
    with Store(_existing(home).work_db) as store:
        lines = news(store.db, home, since=since, now=now)
    if command and lines:
        tell(command, lines)
    for line in lines if not command else ():
        click.echo(line)
    click.echo(f"{len(lines)} pieces of news since {since:%Y-%m-%d %H:%M}")


@click.command()
@home_option
@now_option
@click.option("--who", default=getpass.getuser, show_default="your login name", help="Who decides.")
@click.option("--list", "is_list", is_flag=True, help="Only list what there is to look at.")
def review(home: Home, now: datetime, who: str, is_list: bool) -> None:
    """Show what to look at first, and write what you decide into corrections.yml.

    Example: blotter review --list
    """
    with home.lock(), Store(_existing(home).work_db) as store:
        found = list(findings(store.db, load_corrections(home.corrections)))
        decided = 0
        for n, one in enumerate(found, start=1):
            click.echo(f"{n} of {len(found)}, {one.why}: {one.what}\n    “{one.words}” {one.where}".rstrip())
            if is_list:
                continue
            if (answer := _answer(one)) == "quit":
                break
            if words := one.decisions[answer]:
                spelled = [
                    click.prompt(word.question, word.default) if isinstance(word, Ask) else word for word in words
                ]
                why = click.prompt("why", default=one.why)
                decided += _is_written(home, store, spelled, why=why, who=who, on=now.date())
    click.echo(f"{len(found)} findings, {decided} decided")


def _answer(one: Finding) -> str:
    """One of the answers that the finding knows, or quit; it is given by its first letter."""
    known = [*one.decisions, "quit"]
    letters = {word[0]: word for word in known}
    asked = f"{', '.join(known[:-1])} or quit"
    return letters[click.prompt(asked, type=click.Choice("".join(letters)), default="s")]


def _is_written(home: Home, store: Store, spelled: Sequence[str], *, why: str, who: str, on: date) -> bool:
    """Whether the decision could be written; if not, it is said why."""
    try:
        correction = decision(store.db, spelled[0], spelled[1:], why=why, who=who, on=on)
    except Refusal as refused:
        click.echo(f"not written: {refused}")
        return False
    add_correction(home.corrections, correction)
    return True


def _existing(home: Home) -> Home:
    if not home.work_db.exists():
        raise Refusal(f"{home.path}: no work.db here; run blotter crawl or blotter add first")
    return home


_LINE = "{:<28} {:<13} {:<16} {:<16} {:<11} {:<16} {:>8}  {}"


def _line(source: SourceHealth) -> str:
    moments = [(at or "never")[:16].replace("T", " ") for at in (source.ok_at, source.new_at, source.due_at)]
    gap = "-" if source.gap_hours is None else f"{source.gap_hours / 24:.1f} days"
    return _LINE.format(source.id, source.state, *moments[:2], gap, moments[2], source.articles, source.why).rstrip()


COMMANDS = (publish, serve, status, check, correct, diff, remove, purge, why, digest, review)
