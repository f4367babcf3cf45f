"""What a run did, by source and in all."""

from crawler.report import SourceCount, Tally


def test_a_report_counts_for_the_run_and_for_each_source() -> None:
    tally = Tally()
    tally.add("paper", "polls")
    tally.add("paper", "articles", 2)
    tally.add(None, "articles")
    tally.add(None, "requests", 5)
    tally.failures["timeout"] += 1
    tally.failures["dns"] += 2
    report = tally.report(seconds=1.5, interrupted=True)
    assert (report.articles, report.requests, report.changed) == (3, 5, 0)
    assert report.sources == {"paper": SourceCount(polls=1, articles=2)}
    assert list(report.failures.items()) == [("dns", 2), ("timeout", 1)]
    assert report.interrupted
