"""The spider of a run: sources and articles come from one queue, so that a host never sees two of us."""

from scrapy import Request

from crawler.items import Job
from crawler.spiders.articles import ArticleSpider
from crawler.spiders.polls import PollSpider


class NewsSpider(PollSpider, ArticleSpider):
    """Polls sources and fetches what they name."""

    def first_request(self, job: Job) -> Request | None:
        """The request that a job begins with; ``None`` if it is done without one."""
        if job.kind == "poll":
            return self.poll_request(job)
        return self.request(job.url, job, self.parse_article, validators=job.validators)
