"""What extraction hands on: the domain on one page. Every fact carries the words that say so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

EntityKind = Literal["company", "project", "person", "authority", "outlet", "rule"]
MentionKind = EntityKind | Literal["organisation"]
"""An organisation of unknown kind is a mention, never an entity."""
QuoteKind = Literal["direct", "mixed", "indirect"]
SpeakerKind = Literal["person", "organisation", "document"]
PartyRole = Literal["violator", "rule_owner", "enforcer", "harmed", "claimant"]
Status = Literal[
    "hypothetical", "alleged", "under_investigation", "found", "admitted", "settled", "dismissed", "denied"
]
Stage = Literal["sued", "charged", "appealed", "overturned"]
RULE_TYPES = (
    "terms_of_service", "licence", "copyright", "trademark", "trade_secret", "publicity_rights", "privacy",
    "consumer_protection", "competition", "export_control_sanctions", "securities", "safety", "discrimination",
    "labour", "content_regulation", "election", "defamation", "ai_regulation", "court_order",
    "professional_conduct", "computer_misuse", "crime", "insurance", "voluntary_commitment", "internal_policy",
    "unspecified",
)  # fmt: skip
SANCTIONS = (
    "fine", "damages", "settlement_payment", "account_suspension", "service_ban", "product_withdrawal",
    "data_or_model_deletion", "order_to_change", "licence_suspended", "export_denied", "arrest_or_charge",
    "criminal_sentence", "reprimand", "disqualification",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of an article and where they stand; offsets are code points into its text, the end exclusive."""

    start_char: int
    end_char: int
    words: str
    role: str = "evidence"
    """What the words are to the fact: evidence, mention, content, verbatim, cue, speaker, via, violator, act, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something an article says. Has at least one span; the first carries it."""

    spans: tuple[Span, ...]

    @property
    def evidence(self) -> Span:
        """The span that carries the fact."""
        return self.spans[0]

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this fact from another of its type with the same evidence words; never an offset."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Fact):
    """A name in a text, linked to an entity of the lexicon or not. One span, role ``mention``."""

    kind: MentionKind
    name: str
    """The name without article and possessive."""
    entity: str | None = None
    """Slug of the lexicon's record, or of the name another mention in the article resolved to; ``None`` is unlinked."""
    method: str
    """lexicon, rule:…, model, surname, description, …"""
    role: str | None = None
    """A person's role as the article says it: spokesperson, chief executive, …"""
    affiliation: str | None = None
    """Name of the organisation the article ties the person to."""
    in_title: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        return (self.kind,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Fact):
    """A tie between two names that the article states ("TikTok maker ByteDance")."""

    kind: Literal["maker_of", "owner_of", "parent_of", "spokesperson_of", "employee_of"]
    subject: str
    subject_entity: str | None = None
    object: str
    object_entity: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        return (self.kind, self.subject, self.object)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Fact):
    """What somebody said.

    Spans: ``content`` (fragments), ``verbatim`` (inside the marks), ``cue``, ``speaker``, ``via``.
    """

    kind: QuoteKind
    content: str
    """The words said, the fragments joined by a space."""
    cue: str | None = None
    speaker: str | None = None
    """The name the speaker resolved to, or the words that name it; ``None`` if the text leaves it open."""
    speaker_kind: SpeakerKind | None = None
    speaker_entity: str | None = None
    role: str | None = None
    affiliation: str | None = None
    via: str | None = None
    """The outlet or document it came through."""
    is_rule_text: bool = False
    """The words of a law, licence or terms: never a breach."""
    confidence: float
    rule: str
    """Name of the extraction rule."""

    @property
    def key(self) -> tuple[str, ...]:
        return (self.kind, self.speaker or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One who has a part in a violation; its words stand in the span of the same role and ``n``."""

    role: PartyRole
    name: str
    entity: str | None = None
    product: str | None = None
    """The product named in the maker's place, if it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation(Fact):
    """One claim, in one article, that somebody broke a rule.

    Spans: ``evidence``, then one a party under its role, ``rule``, ``act``, ``status_cue``, ``sanction``, ``response``.
    """

    parties: tuple[Party, ...]
    rule: str | None = None
    """The article's words for it; ``None`` if it names none."""
    rule_entity: str | None = None
    rule_type: str = "unspecified"
    rule_basis: Literal["stated", "inferred"] = "stated"
    act: str | None = None
    status: Status
    status_cue: str | None = None
    sanction: str | None = None
    """One of `SANCTIONS`, if one was imposed."""
    sanction_threatened: str | None = None
    """One of `SANCTIONS`, if one was threatened."""
    amount: float | None = None
    currency: str | None = None
    """ISO 4217."""
    duration: str | None = None
    response: str | None = None
    """denied, appealed, complied, no_comment, apologised."""
    confidence: float
    rule_name: str
    """Name of the extraction rule."""

    @property
    def key(self) -> tuple[str, ...]:
        return (*sorted(self.named("violator")), self.rule_type, self.rule or "")

    def named(self, role: PartyRole) -> tuple[str, ...]:
        """Names of the parties in a role, in the order of the text."""
        return tuple(party.name for party in self.parties if party.role == role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Somebody or something with a record in the lexicon."""

    slug: str
    kind: EntityKind
    name: str
    aliases: tuple[str, ...] = ()
    subkind: str | None = None
    """What kind of its kind: nonprofit, model, court, …"""
    country: str | None = None
    """ISO 3166-1, two letters."""
    parent: str | None = None
    """Slug of the owner or maker."""
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The same story under two addresses."""

    article_id: int
    copy_of_id: int
    """The first of them, never a copy itself."""
    similarity: float
    """0 to 1."""
    method: str
    """What found it: canonical, same-text, shingles, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """Is an article about AI policy, and which words say so."""

    score: float
    """0 to 1; relevant from 0.5."""
    ai_words: tuple[str, ...]
    policy_words: tuple[str, ...]

    @property
    def is_relevant(self) -> bool:
        return self.score >= 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What extraction reads of an article."""

    article_id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything extraction found in one article."""

    article_id: int
    language: str | None
    """ISO 639-1; ``None`` if the text is too short to tell."""
    relevance: Relevance
    facts: tuple[Fact, ...]
    """Empty for articles in other languages and off-topic ones."""
    sketch: "Sketch | None" = None
    """Of a relevant one."""
    quote_keys: tuple[tuple[int, ...], ...] = ()
    """For each quote, in the order of the facts, by what the same words are found elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """By what a story is found again among those of the weeks around it; 32 bits of a hash each."""

    words: bytes
    """That stand in its beginning or are names."""
    shingles: bytes
    """The smallest of its runs of words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketches:
    """The sketched stories of some weeks, and what all others tell of how rare words are."""

    near: Mapping[int, Sketch]
    """By article."""
    titles: Mapping[int, str]
    """Of these."""
    others: tuple[bytes, ...]
    """The words of others, all or a sample."""
    beyond: int
    """How many others there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An article that could not be read."""

    article_id: int
    detail: str
    """For a person: what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as the grouping sees it."""

    article_id: int
    title: str
    text: str
    published: str | None
    """First day it can have been published, ISO; ``None`` if unknown."""
    publisher: str | None
    entities: tuple[str, ...] = ()
    """Slugs of the companies, projects and authorities it names."""
    violations: tuple[tuple[int, Violation], ...] = ()
    """With their fact ids."""
    declares_copy: bool = False
    """It says itself that its text comes from elsewhere."""
    declares_original: bool = False
    """It is signed by an agency that is its publisher: what others print is its copy."""
    published_at: str | None = None
    """The moment, ISO and UTC; ``None`` if unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The matter that violations in several articles are about."""

    id: int
    slug: str
    title: str
    """Made from the record, never asserting more than its status."""
    status: Status
    article_ids: tuple[int, ...]
    """Oldest first."""
    violation_ids: tuple[int, ...]
    joined_by: tuple[tuple[int, str], ...] = ()
    """For each article but the first, the words and names that tied it to the rest."""
    told_by: tuple[tuple[Status | Stage, int], ...] = ()
    """The status and the stages reached, each with the id of the violation that reports it first."""
    before: tuple[tuple[Status, int], ...] = ()
    """The statuses it had before, as report came after report, each with the id of the violation that brought it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledQuote:
    """A quote as the grouping sees it: with the ids of its fact and its article."""

    id: int
    article_id: int
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way in which the same words were printed."""

    words: str
    quote_ids: tuple[int, ...]
    relation: Literal["whole", "cut", "altered"]
    """To the longest wording of the group: that one itself, a part of it word for word, or different words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteGroup:
    """The same words by the same speaker, in two or more places."""

    quote_ids: tuple[int, ...]
    """In ascending order; the first stands for the group."""
    article_ids: tuple[int, ...]
    wordings: tuple[Wording, ...]
    """The longest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two sources that say different things of one matter, the one that said it first in front."""

    incident_id: int
    field: Literal["status", "amount", "date"]
    violation_id: int
    value: str
    other_id: int
    """The violation that says otherwise."""
    other_value: str


def check_spans(text: str, facts: Iterable[Fact]) -> list[Span]:
    """The spans whose words do not stand at their offsets; empty when all is well."""
    return [s for fact in facts for s in fact.spans if text[s.start_char : s.end_char] != s.words]
