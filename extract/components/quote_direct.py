"""Words in marks that stand for themselves: who said them, and which pieces are one quote."""

from dataclasses import dataclass, replace

from extract.components.quote_cues import Cue, Draft
from extract.components.quote_layout import ENDS, Layout, Run
from extract.components.quote_marks import is_capitalised
from extract.components.quote_mentions import beside, mention, named_first, subject
from extract.components.tree import Token

_GOES_ON = frozenset(",-–—") | {"--", "..."}
_DASHES = frozenset("-–—") | {"--"}
_FEWEST_WORDS = 6  # in marks that no cue claims; fewer is a term, a title, a nickname
_REACH = 30  # words between a passage and its cue


@dataclass(frozen=True, slots=True)
class _Said:
    """A cue with its speaker, and the stretch of the gap it was found in."""

    cue: Cue | None
    head: Token | None
    rule: str
    confidence: float
    place: Run


@dataclass(slots=True)
class _Open:
    """A quote that may still go on."""

    passages: list[int]
    said: _Said | None
    after: int = -1
    """Where the sentence of its attribution ends; a passage that begins there belongs to it."""
    closed: bool = False
    lead: int | None = None
    """Where the sentence begins of which the first passage is the end: She would “step down,” he said."""


class DirectQuotes:
    """Finds the quotes of a layout that are told by their marks."""

    def __init__(self, layout: Layout, cues: list[Cue]) -> None:
        self.layout = layout
        self.cues = cues

    def drafts(self) -> list[Draft]:
        """Direct quotes in the order of the text."""
        quotes: list[_Open] = []
        for paragraph in self.layout.paragraphs:
            numbers = [n for n, run in enumerate(self.layout.marked) if paragraph.holds(run)]
            for at, number in enumerate(numbers):
                self._place(quotes, paragraph, numbers, at, number)
        return [draft for quote in quotes if (draft := self._draft(quote)) is not None]

    def _place(self, quotes: list[_Open], paragraph: Run, numbers: list[int], at: int, number: int) -> None:
        """Join the passage to the quote before it, or begin a quote with it, or leave it to the clauses."""
        marked = self.layout.marked[number]
        left = Run(self.layout.marked[numbers[at - 1]].end if at else paragraph.start, marked.start)
        right = Run(marked.end, self.layout.marked[numbers[at + 1]].start if at + 1 < len(numbers) else paragraph.end)
        before, behind = self._last_piece(left), self._first_piece(right)
        if not len(self.layout.trimmed(right)):
            behind = self._signing_line(paragraph) or behind
        if not at and not len(self.layout.trimmed(left)):
            before = self._leading_line(paragraph) or before
        last = quotes[-1] if quotes else None
        post = self._behind(number, behind)
        if not self._is_unit(number, before, behind):
            if post is not None and self._ends_sentence_part(number, before, post):
                lead = self.layout.sentence(marked.start).start
                quotes.append(_Open([number], post, self._end_of(behind), lead=lead))
            elif last is not None:
                last.closed = True
            return
        if last is not None and not last.closed and self._goes_on(last, number, left, before, post):
            last.passages.append(number)
            if post is not None and last.said is None:
                last.said, last.after = post, self._end_of(behind)
            elif not behind:
                last.after = marked.end
            return
        pre = self._before(before)
        said = pre if pre is not None and (post is None or not self._ends_open(number)) else post
        quotes.append(_Open([number], said, self._end_of(behind) if said is post and post else marked.end))

    # -- pieces of gaps ------------------------------------------------------------------------------------------

    def _last_piece(self, gap: Run) -> Run:
        """What stands between the last full stop of the gap and the passage behind it."""
        start = gap.start
        for i in range(gap.start, gap.end):
            if self.layout.tokens[i].text in ENDS:
                start = i + 1
        words = [t for t in self.layout.tokens[start : gap.end] if not t.is_space]
        if words and len(words[-1]) > 2 and words[-1].text[-1] == ".":
            return Run(gap.end, gap.end)  # the sentence ends with an abbreviation
        return Run(start, gap.end)

    def _leading_line(self, paragraph: Run) -> Run | None:
        """The last sentence of the paragraph before, if it ends in a colon or a comma."""
        number = self.layout.paragraphs.index(paragraph)
        if not number:
            return None
        previous = self.layout.paragraphs[number - 1]
        last = previous.end - 1
        if self.layout.tokens[last].text not in (":", ",") or self.layout.inside[last] >= 0:
            return None
        return self.layout.sentence(last)

    def _signing_line(self, paragraph: Run) -> Run | None:
        """The next paragraph, if it is a dash and a name."""
        number = self.layout.paragraphs.index(paragraph) + 1
        if number == len(self.layout.paragraphs):
            return None
        line = self.layout.paragraphs[number]
        is_signed = self.layout.tokens[line.start].text in _DASHES and len(self._words(line)) <= 5
        return self._first_piece(line) if is_signed else None

    def _first_piece(self, gap: Run) -> Run:
        """What stands between the passage before the gap and the gap's first full stop."""
        for i in range(gap.start, gap.end):
            if self.layout.tokens[i].text in ENDS:
                return Run(gap.start, i)
        return gap

    def _end_of(self, piece: Run) -> int:
        end = piece.end
        while end < len(self.layout.tokens) and (
            self.layout.tokens[end].text in ENDS or self.layout.tokens[end].is_space
        ):
            if self.layout.tokens[end].is_space and "\n" in self.layout.tokens[end].text:
                break
            end += 1
        return end

    def _words(self, run: Run) -> list[Token]:
        return [t for t in self.layout.tokens[run.start : run.end] if not t.is_space and not t.is_punct]

    def _ends_open(self, number: int) -> bool:
        """Whether the passage ends with a comma or the like, inside of its mark or right behind."""
        passage, marked = self.layout.passages[number], self.layout.marked[number]
        last = self.layout.text[passage.inner_start : passage.inner_end].rstrip(" ’'\"”")[-1:]
        return last in _GOES_ON or (
            marked.end < len(self.layout.tokens) and self.layout.tokens[marked.end].text in _GOES_ON
        )

    def _ends_full(self, number: int) -> bool:
        passage = self.layout.passages[number]
        return self.layout.text[passage.inner_start : passage.inner_end].rstrip(" ’'")[-1:] in ENDS or passage.runs_on

    # -- what a passage is ---------------------------------------------------------------------------------------

    def _is_unit(self, number: int, before: Run, behind: Run) -> bool:
        """Whether the words in marks stand for themselves, not as a part of the sentence around them."""
        passage = self.layout.passages[number]
        inner = self.layout.text[passage.inner_start : passage.inner_end].strip()
        if not any(c.isalpha() for c in inner):
            return False
        tokens = [t for t in self.layout.tokens[before.start : before.end] if not t.is_space]
        if not tokens:
            return self._ends_open(number) or self._ends_full(number) or not self._words(behind)
        last = tokens[-1]
        if last.text == ":":
            return self._ends_open(number) or self._ends_full(number) or len(inner.split()) >= 4
        begins = inner[0].isupper() or inner[0] in "…[(.0123456789$" or inner.startswith("i ")
        if last.text in (",", ";", "—", "–", "--", "-"):
            is_work = len(tokens) > 1 and tokens[-2].tag_ == "NN" and is_capitalised(inner)
            if passage.is_title or is_work:  # in her memoir, “The Quiet Room.”
                return False
            if self._is_between(before):
                return True
            return begins and (self._ends_open(number) or self._ends_full(number)) and self._leads_up(before)
        if (
            last.tag_ == "CC"
            and len(tokens) > 3
            and self.layout.tokens[last.i - 1].text == ","
            and self._is_between(before)
        ):
            return True  # “A,” she said, but “B”
        if begins and len(inner.split()) > 2 and (self._ends_full(number) or self._ends_open(number)):
            return any(
                last.i - 2 <= c.run.end <= last.i + 1 and not self._is_infinitive(c) for c in self._cues_in(before)
            )
        return False

    def _is_infinitive(self, cue: Cue) -> bool:
        return cue.i > 0 and self.layout.tokens[cue.i - 1].lower_ == "to"

    def _leads_up(self, before: Run) -> bool:
        """Whether the last cue of the piece is for the passage, not for a clause between them."""
        cue = self._cue_in(before)
        if cue is None:
            return False
        between = self.layout.tokens[cue.run.end : before.end]
        return cue.verb is None or not any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in between)

    def _ends_sentence_part(self, number: int, before: Run, post: _Said) -> bool:
        """Whether the passage and the words before it are one statement, with its attribution right behind."""
        if not self._ends_open(number) or post.cue is None or post.head is None:
            return False
        if any(self.layout.tokens[c.i].tag_[0] == "V" and self._takes_marks(c) for c in self._cues_in(before)):
            return False
        if _has_clause(self.layout.tokens[post.cue.i]):
            return False  # citing “A,” she said that B
        near = post.cue.i - self.layout.marked[number].end <= 8 and self.layout.tokens[post.cue.i].tag_ != "VBG"
        return near and abs(post.head.i - post.cue.i) <= 8 and post.head.i in post.place

    def _is_between(self, before: Run) -> bool:
        """Whether the piece is a whole attribution between two passages: “A,” she said, “B”."""
        if before.start == 0 or self.layout.inside[before.start - 1] < 0:
            return False
        number = self.layout.inside[before.start - 1]
        if any(self._reports_into(c, before) for c in self._cues_in(before)):
            return False  # “A,” she said, adding that it would “B”
        return self._ends_open(number) and self._behind(number, before) is not None

    def _reports_into(self, cue: Cue, before: Run) -> bool:
        """Whether the cue reports a clause that begins in the piece and goes on in the passage behind it."""
        token = self.layout.tokens[cue.i]
        if token.tag_[0] != "V":
            return False
        return any(
            c.dep_ == "ccomp" and c.i > cue.i and c.left_edge.i in before and c.right_edge.i >= before.end
            for c in token.children
        )

    def _goes_on(self, quote: _Open, number: int, left: Run, before: Run, post: _Said | None) -> bool:
        """Whether the passage goes on with the quote before it."""
        passage, marked = self.layout.passages[number], self.layout.marked[number]
        previous = self.layout.marked[quote.passages[-1]]
        if passage.follows_on:
            return quote.said is None or post is None
        between = Run(previous.end, marked.start)
        gap = self._words(between)
        same_paragraph = not any("\n" in t.text for t in self.layout.tokens[between.start : between.end] if t.is_space)
        if same_paragraph and before == left and quote.said is not None and len(before):
            later = [c for c in self._cues_in(before) if quote.said.cue is not None and c.i > quote.said.cue.i]
            return quote.said.place.meets(before) and not (later and self._is_last(later[-1], before))
        if post is not None:
            return False
        if self._words(before):
            return False
        if same_paragraph:
            return not gap or (quote.after >= left.end and not self._goes_elsewhere(quote))
        return (not gap or self._words(Run(quote.after, marked.start)) == []) and quote.said is not None

    def _goes_elsewhere(self, quote: _Open) -> bool:
        """Whether the attribution goes on to another statement: “A,” said X, who also said that B."""
        if quote.said is None or quote.said.cue is None:
            return False
        later = [c for c in self._cues_in(quote.said.place) if c.i > quote.said.cue.i]
        return any(self.layout.tokens[c.i].tag_[0] == "V" and _has_clause(self.layout.tokens[c.i]) for c in later)

    def _is_last(self, cue: Cue, before: Run) -> bool:
        return all(t.is_punct or t.is_space or t.lower_ == "that" for t in self.layout.tokens[cue.run.end : before.end])

    # -- cues beside a passage -----------------------------------------------------------------------------------

    def _cues_in(self, piece: Run) -> list[Cue]:
        return [c for c in self.cues if c.i in piece]

    def _by_tag(self, piece: Run) -> list[Cue]:
        """The cues that can take words in marks; those tagged a noun last."""
        found = [c for c in self._cues_in(piece) if self._takes_marks(c)]
        return sorted(found, key=lambda c: c.verb is not None and self.layout.tokens[c.i].tag_[0] != "V")

    def _cue_in(self, piece: Run) -> Cue | None:
        """The last cue in the piece that can take words in marks; one tagged a noun only if it is the last word."""
        found = [c for c in self._cues_in(piece) if self._takes_marks(c)]
        verbs = [c for c in found if c.verb is None or self.layout.tokens[c.i].tag_[0] == "V"]
        return next(iter(verbs[-1:] or [c for c in found if self._is_last(c, piece)][-1:]), None)

    def _speaker(self, cue: Cue, piece: Run) -> Token | None:
        """The head of the speaker's name; of two readings the one that the parse and the piece agree on."""
        head = subject(self.layout, cue)
        first = named_first(self.layout, cue, piece) if cue.verb is not None else None
        if first is not None and (head is None or head.pos_ != "PROPN" or head.i not in piece):
            return first
        if head is None and cue.run.start < cue.i and self.layout.tokens[cue.run.start].text.istitle():
            return self.layout.tokens[cue.run.start]  # a name that the parser took for an auxiliary
        return head or beside(self.layout, cue, piece)

    def _takes_marks(self, cue: Cue) -> bool:
        return cue.verb is None or bool(cue.verb.frames & {"speech", "document", "clause", "question"})

    def _behind(self, number: int, piece: Run) -> _Said | None:
        """The attribution that follows the passage."""
        tokens = [t for t in self.layout.tokens[piece.start : piece.end] if not t.is_space]
        words = [t for t in tokens if not t.is_punct]
        if not words:
            return None
        if tokens[0].text in _DASHES and len(words) <= 5 and all(t.pos_ == "PROPN" for t in words):
            cue = Cue(i=tokens[0].i, run=Run(tokens[0].i, tokens[0].i + 1), verb=None)
            return _Said(cue, words[-1], "dash-name", 0.7, piece)
        if words[0].tag_ in ("WDT", "WP", "WP$", "WRB") or (
            not self._ends_open(number) and not self._is_attribution(words)
        ):
            return None
        near = Run(piece.start, min(piece.end, piece.start + _REACH))
        for cue in self._by_tag(near):
            head = self._speaker(cue, piece)
            if cue.is_passive and subject(self.layout, cue) is None and not self._is_beside_name(cue, piece):
                continue
            if head is not None or self.layout.tokens[cue.i].tag_ not in ("VB", "NN", "NNS", "NNP", "JJ"):
                return _Said(cue, head, "direct-behind", 0.95 if head is not None else 0.6, piece)
        for token in words[:6]:
            if token.pos_ == "VERB" and token.tag_ in ("VBD", "VBZ"):
                head = next((c for c in token.children if c.dep_ == "nsubj" and abs(c.i - token.i) <= 2), None)
                is_bare = not any(c.dep_ in ("dobj", "xcomp", "ccomp", "acomp", "attr", "oprd") for c in token.children)
                if head is not None and is_bare and head.pos_ in ("PROPN", "PRON") and self._ends_open(number):
                    cue = Cue(i=token.i, run=Run(token.i, token.i + 1), verb=None)
                    return _Said(cue, head, "direct-any-verb", 0.6, piece)
        return None

    def _is_beside_name(self, cue: Cue, piece: Run) -> bool:
        """Whether a noun stands right before the cue, or nothing does."""
        before = self.layout.tokens[cue.i - 1]
        return before.i < piece.start or before.is_punct or before.pos_ in ("PROPN", "NOUN", "PRON", "ADV")

    def _is_attribution(self, words: list[Token]) -> bool:
        """Whether the words behind a full stop, question or exclamation mark still belong to the passage."""
        cue = next((c for c in self.cues if words[0].i <= c.i <= words[min(len(words), 20) - 1].i), None)
        if cue is None or not self._takes_marks(cue):
            return False
        if cue.i == words[0].i or words[0].text[0].islower():
            return cue.i - words[0].i < 8
        token = self.layout.tokens[cue.i]
        if any(c.dep_ in ("ccomp", "dobj") and c.i > cue.i for c in token.children):
            return False
        between = [t for t in words if t.i < cue.run.start]
        is_plain = all(t.pos_ in ("PROPN", "NOUN", "DET", "ADJ", "PRON", "ADV", "ADP", "PART") for t in between)
        head = subject(self.layout, cue)
        return (is_plain and len(between) < 8) or (head is not None and head.i - words[0].i <= 3)

    def _before(self, piece: Run) -> _Said | None:
        """The attribution that leads up to a passage."""
        tokens = [t for t in self.layout.tokens[piece.start : piece.end] if not t.is_space]
        if not tokens:
            return None
        cue = self._cue_in(piece)
        if cue is not None:
            head = self._speaker(cue, piece)
            return _Said(cue, head, "direct-before", 0.9 if head is not None else 0.6, piece)
        if tokens[-1].text == ":":
            return self._colon(piece)
        return None

    def _colon(self, piece: Run) -> _Said | None:
        """“Weaver: ...”, or a sentence that ends in a colon: its subject speaks."""
        words = self._words(piece)
        if not words:
            return None
        cue = Cue(i=piece.end - 1, run=Run(piece.end - 1, piece.end), verb=None)
        dash = max((t.i for t in self.layout.tokens[piece.start : piece.end] if t.text in _DASHES), default=None)
        signed = [t for t in words if dash is not None and t.i > dash]
        if signed and len(signed) <= 4 and all(t.pos_ == "PROPN" for t in signed):
            return _Said(cue, signed[-1], "colon-name", 0.7, piece)
        root = words[0]
        while root.head.i != root.i and root.head.i in piece:
            root = root.head
        if root.pos_ in ("PROPN", "NOUN") and len(words) <= 6:
            return _Said(cue, root, "colon-name", 0.8, piece)
        cued = next((h for c in reversed(self._cues_in(piece)) if (h := subject(self.layout, c)) is not None), None)
        head = cued or next((t for t in (*root.children, *words) if t.dep_ == "nsubj" and t.i in piece), None)
        return _Said(cue, head, "colon-sentence", 0.6, piece)

    # -- drafts --------------------------------------------------------------------------------------------------

    def _draft(self, quote: _Open) -> Draft | None:
        runs = tuple(self.layout.marked[n] for n in quote.passages)
        if quote.lead is not None:
            runs = (Run(quote.lead, runs[0].end), *runs[1:])
        if quote.said is None:
            words = sum(len(self._words(run)) for run in runs)
            if words < _FEWEST_WORDS or all(self.layout.passages[n].is_title for n in quote.passages):
                return None
            return Draft(runs=runs, rule="direct-alone", confidence=0.3)
        said = quote.said
        draft = Draft(
            runs=runs,
            cue=said.cue,
            cue_run=said.cue.run if said.cue else None,
            rule=said.rule,
            confidence=said.confidence,
        )
        if said.head is None:
            return draft
        return replace(draft, speaker=mention(self.layout, said.head), speaker_head=said.head.i)


def _has_clause(token: Token) -> bool:
    return any(c.dep_ == "ccomp" and c.i > token.i for c in token.children)
