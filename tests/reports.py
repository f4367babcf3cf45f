"""Invented reports on AI policy as saved pages, as many as a test needs: the news web of ../shared serves them."""

import random
from pathlib import Path

NAMES = ("Quillby", "Hollowbrook", "Marrowgate", "Pendrick", "Tessaluna", "Ostrander", "Velmont", "Brindlewick",
         "Cawdor", "Fennimore")  # fmt: skip
TRADES = ("Labs", "Health", "Staffing", "Media", "Systems")
MATTERS = (
    "The Veldanian Data Protection Authority has fined {firm}, a start-up, €{n} million for training its chatbot on"
    " private letters of {n} thousand people without their consent.",
    "{firm} has been sued over claims that its AI model was trained on recordings of {n} singers without a licence.",
    "{firm} suspended the account of {other} on day {n}, as it had broken the terms of service of its chatbot.",
    "The Veldanian Competition Council is investigating {firm} over an AI tool that sorts {n} thousand applicants.",
)


def write_pages(folder: Path, count: int) -> None:
    """So many reports about invented firms, no two of them alike."""
    rng = random.Random(8)
    folder.mkdir()
    for n in range(count):
        firm, other = (f"{rng.choice(NAMES)} {rng.choice(TRADES)}" for _ in range(2))
        matter = rng.choice(MATTERS).format(firm=firm, other=other, n=n + 2)
        said = f"“We have read all {n + 2} pages of the decision and will answer it,” said a spokesperson for {firm}."
        rest = f"It is report number {n} of this paper on artificial intelligence, and ministers await the next law."
        title = matter.split(",")[0][:90]
        (folder / f"{n:04}.html").write_text(
            f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head><body><article>"
            f"<h1>{title}</h1><p>{matter}</p><p>{said}</p><p>{rest}</p></article></body></html>",
            "utf-8",
        )
