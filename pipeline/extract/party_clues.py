"""What a page tells about who is the seller and who the buyer."""

import re
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.extract.candidates import Sheet
from pipeline.extract.labels import Label, plain
from pipeline.extract.layout import POSTCODE, Block, TextLine
from pipeline.extract.name_words import bank, countries, is_caption, legal_form, mail_hosts, not_a_name, street
from schemas import Evidence, EvidenceKind, FieldName

CONTACT = re.compile(
    r"@|www\.|https?:|\bt[eé]l\b|phone\b|\bt[eé]l[eé]copie\b|\bfax\b|\btelefo(?:n|no|on)(?:nr|nummer)?\b|\bmobile\b",
    re.IGNORECASE,
)
"""Whole words: "Télécom", "Telefonia" and "Phonetic" are names of companies."""
_DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*)\.[a-z]{2,}", re.IGNORECASE)
_SHORT_LABEL = 5
FOOT, SENDERS_LINE = "foot of the page", "the sender's line of an address window"
"""Places of a company's full name, as evidence tells them."""
LABELLED = 0.4
"""A party's label that stands so well to a name is its own."""
BANK = 0.4
"""What the words of a bank take from a name: it is mostly the one that is paid through."""
NAMED_REACH = 9.0
"""How many line heights below a heading ("Seller") the row "Name: …" may stand."""


@dataclass(frozen=True, eq=False)
class Name:
    """A text that may be the name of a party, with the block and the place it stands in."""

    text: str
    line: TextLine
    block: Block
    index: int


class Clues:
    """What a sheet tells about who is who; computed once, asked for every name."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.domains = _domains(sheet)
        self.labels = [label for label in sheet.labels if is_party_label(label)]
        heights = sorted(line.height for line in sheet.lines)
        self.usual_height = heights[len(heights) // 2] if heights else 10.0
        self.all_text = plain("\n".join(line.text for line in sheet.lines))
        self.named = {
            id(value) for line in sheet.lines for caption, value in pairwise(line.segments) if is_caption(caption.text)
        }
        self.sender_lines = [s for line in sheet.lines if is_sender_line(line) for s in line.segments[:1]]
        self.buyer_id_lines = {id(label.segment) for label in sheet.labels if label.meaning == FieldName.BUYER_VAT_ID}
        self.label_lines = {
            id(label.segment)
            for label in sheet.labels
            if not label.phrase.weak and label.phrase.expects != "party" and not _is_in_a_name(label)
        }

    def seller_score(self, name: Name) -> tuple[float, list[Evidence]]:
        """How much speaks for a name to be the seller's."""
        page = self.sheet.pages[0]
        at = name.line.box.y_mid / page.height
        evidence: list[Evidence] = []
        score = self._common(name)
        if legal_form().search(name.text):
            evidence.append(Evidence(kind=EvidenceKind.FORMAT, detail="a legal form"))
        if self.matches_domain(name.text):
            score += 0.5
            evidence.append(Evidence(kind=EvidenceKind.REPETITION, detail="its web or mail address"))
        if at < 0.22 and name.line.page == page.number:
            score += 0.22 - 0.4 * at
            evidence.append(Evidence(kind=EvidenceKind.POSITION, detail="head of the page"))
        if name.line.height > 1.35 * self.usual_height and at < 0.3:
            score += 0.2
        if at > 0.85 and legal_form().search(name.text):
            score += 0.22
            evidence.append(Evidence(kind=EvidenceKind.POSITION, detail=FOOT))
        if re.search(r"\b(?:SIRET|SIREN|RCS|IBAN|HRB|USt|capital)\b|VAT (?:No|Reg)", name.block.text):
            score += 0.2
        if CONTACT.search(name.block.text):
            score += 0.15
        if any(name.line is line for line in self.sender_lines):
            score += 0.4
            evidence.append(Evidence(kind=EvidenceKind.POSITION, detail=SENDERS_LINE))
        score += 0.6 * self.labelled(name, "seller", evidence) + 0.2 * self.labelled(name, "payee")
        score -= 0.9 * max(self.labelled(name, "buyer"), self.labelled(name, "not_ship_to"))
        score -= 0.6 if self.holds_buyer_id(name) else 0.0
        return score, evidence

    def buyer_score(self, name: Name) -> tuple[float, list[Evidence]]:
        """How much speaks for a name to be the buyer's."""
        page = self.sheet.pages[0]
        evidence: list[Evidence] = []
        score = self._common(name) + 0.8 * self.labelled(name, "buyer", evidence)
        score += 0.3 * self.labelled(name, "not_ship_to")
        at = name.line.box.y_mid / page.height
        # a person may stand before the company: "Jane Doe", "Acme Ltd"
        first = name.index == 0 or (name.index == 1 and bool(legal_form().search(name.text)))
        heads_address = first and name.block.is_address and name.line.page == page.number
        if heads_address and at < 0.45:
            score += 0.25
            evidence.append(Evidence(kind=EvidenceKind.POSITION, detail="first line of an address"))
            score += 0.1 if name.line.box.x0 > 0.45 * page.width else 0.0
        if self.matches_domain(name.text):
            score -= 0.15
        if self.below_sender_line(name):
            score += 0.45
            evidence.append(Evidence(kind=EvidenceKind.POSITION, detail="below the sender's line"))
        if CONTACT.search(name.block.text) or name.line.height > 1.5 * self.usual_height:
            score -= 0.15
        if self.holds_buyer_id(name):
            score += 0.45
            evidence.append(Evidence(kind=EvidenceKind.LABEL, detail="with the customer's VAT id"))
        if at > 0.6 and not (heads_address and self.labelled(name, "buyer") > LABELLED):
            score -= 0.4
        score -= 0.6 * self.labelled(name, "seller")
        return score, evidence

    def _common(self, name: Name) -> float:
        """What makes a text a name at all."""
        score = 0.35 if id(name.line) in self.named else 0.0
        score += 0.3 if legal_form().search(name.text) else 0.0
        score += 0.12 if name.index == 0 else 0.0
        score += 0.1 if self.all_text.count(plain(name.text)) > 1 else 0.0
        score -= 0.5 if id(name.line) in self.label_lines else 0.0
        score -= 0.3 if POSTCODE.search(name.text) or re.match(r"^\d", name.text) else 0.0
        score -= 0.6 if CONTACT.search(name.text) else 0.0
        score -= 0.15 * sum(char.isdigit() for char in name.text) / 3
        score -= 0.5 if not_a_name().match(plain(name.text)) else 0.0
        score -= 0.6 if plain(name.text) in countries() else 0.0
        score -= BANK if bank().search(plain(name.text)) else 0.0
        score -= 0.25 if street().search(plain(name.text)) else 0.0
        score -= 0.1 if len(name.text.split()) > 7 else 0.0
        return score - (0.2 if len(name.text) < 4 else 0.0)

    def holds_buyer_id(self, name: Name) -> bool:
        """Whether the block of a name holds a VAT id that a label calls the customer's."""
        return name.block.is_address and any(id(line) in self.buyer_id_lines for line in name.block.lines)

    def below_sender_line(self, name: Name) -> bool:
        """Whether a text is the first below the sender's line of an address window (DIN 5008, NF Z 11-001)."""
        here = name.line.box
        return any(
            0 < here.y_mid - line.box.y_mid < 3.2 * name.line.height
            and abs(line.box.x0 - here.x0) < 3 * name.line.height
            and line.height < 0.92 * name.line.height
            for line in self.sender_lines
            if line.page == name.line.page
        )

    def matches_domain(self, text: str) -> bool:
        """Whether the web or mail address on the page bears the name."""
        if CONTACT.search(text):
            return False  # the address itself
        squeezed = re.sub(r"[^a-z0-9]", "", plain(legal_form().sub("", text)))
        return len(squeezed) > 2 and any(
            fuzz.ratio(squeezed, domain) > 84 or (len(squeezed) > 4 and fuzz.partial_ratio(squeezed, domain) > 92)
            for domain in self.domains
        )

    def labelled(self, name: Name, meaning: str, evidence: list[Evidence] | None = None) -> float:
        """How well a party's label stands to a name: on its line, above it, or to the left, 0 to 1."""
        best = 0.0
        is_named = id(name.line) in self.named
        for label in self.labels:
            if label.meaning == meaning and label.segment.page == name.line.page:
                fit = _party_relation(label, name, is_named)
                best = max(best, fit)
        if best > LABELLED and evidence is not None:
            evidence.append(Evidence(kind=EvidenceKind.LABEL, detail=f"labelled as {meaning}"))
        return best


def is_party_label(label: Label) -> bool:
    """Whether a party's label really is one: short words ("to", "pour") must stand alone or before a colon."""
    if label.phrase.expects != "party" or label.start > 1:
        return False
    rest = label.segment.text[label.end :].lstrip()
    if label.length == 1 and label.end - label.start <= _SHORT_LABEL:
        return not rest or rest[0] in ":/"
    return not rest or rest[0] in ":-–(/" or (label.length > 1 and rest[:1].isupper())


def _is_in_a_name(label: Label) -> bool:
    """Whether a label is a word of a company's name: "Rizzo Telefonia S.p.A."."""
    text = label.segment.text
    return label.start > 0 and ":" not in text and bool(legal_form().search(text, label.end))


def is_sender_line(line: TextLine) -> bool:
    """Whether a text is a name and an address on one row, set apart by marks: the sender in an address window."""
    return bool(POSTCODE.search(line.text)) and len(re.findall(r"\s[-–—|•·●*]\s|,\s", line.text)) >= 2


def _party_relation(label: Label, name: Name, is_named: bool) -> float:
    """How a party's label stands to a name: on its text, on its row, or above it, 0 to 1.

    A name behind the caption "Name:" belongs to the heading above it, however the form is laid out.
    """
    here, there = label.box, name.line.box
    if label.segment is name.line:
        return 1.0
    height = max(name.line.height, 4.0)
    below = (there.y_mid - here.y_mid) / height
    same_row = abs(below) < 0.6
    if same_row and 0 < there.x0 - here.x1 < 15 * height:
        return 0.9
    if is_named and 0.5 < below < NAMED_REACH and label.segment.box.x0 < there.x0:
        return 1.0 - 0.02 * below
    overlaps = there.x0 < here.x1 + 2 * height and there.x1 > here.x0 - 2 * height
    if overlaps and 0.5 < below < 4.5:
        return max(0.0, 0.95 - 0.16 * (below - 1.0) - (0.1 if abs(there.x0 - here.x0) > 2 * height else 0.0))
    return 0.0


def _domains(sheet: Sheet) -> tuple[str, ...]:
    """The names in the web and mail addresses, without their ending and without mail providers."""
    found = set()
    for line in sheet.lines:
        for match in _DOMAIN.finditer(line.text):
            root = re.sub(r"[^a-z0-9]", "", plain(match[1].rsplit(".", 1)[-1]))
            if len(root) > 2 and root not in mail_hosts():
                found.add(root)
    return tuple(sorted(found))
