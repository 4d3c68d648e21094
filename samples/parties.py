"""Prints what stands around the lines: parties, meta data, bank details, notes and the legal line."""

from datetime import timedelta
from decimal import Decimal

from samples.identifiers import grouped
from samples.model import EPOCH
from samples.printing import Labelled, Printer, texts_joined
from samples.sums import ZERO
from samples.supplier import label_of
from schemas import DocumentType, FieldName


class PaperPrinter(Printer):
    """A printer that also knows the blocks around the lines."""

    def meta(self, only: tuple[str, ...] = (), skip: tuple[str, ...] = (), limit: int = 99) -> list[Labelled]:
        """Number, dates and references in the supplier's order, at most `limit` of them.

        A template must not cut this list: a value that is given counts as printed.
        """
        rows: list[Labelled] = []
        for key in only or tuple(key for key in self.style.meta if key not in skip):
            if len(rows) < limit and (row := self._meta_row(key)).value:
                rows.append(row)
        if not only and self.has("preceding_invoice"):
            credit = self.invoice.doc_type is DocumentType.CREDIT_NOTE
            label = label_of(self.style, "preceding_invoice" if credit else "corrects")
            rows.append(Labelled("preceding_invoice", label, self.field("preceding_invoice")))
        return rows

    def _meta_row(self, key: str) -> Labelled:
        remarks = self.remarks
        distractors = {
            "customer_number": remarks.customer_number,
            "our_order": remarks.our_order,
            "delivery_note": remarks.delivery_note,
            "quote_number": remarks.quote_number,
            "order_date": self.date(remarks.order_date),
            "sales_rep": remarks.sales_rep,
            "project": remarks.project,
        }
        if key in distractors:
            return Labelled(key, label_of(self.style, key), distractors[key])
        if key == "due_date" and not self._prints_due_date():
            return Labelled(key, "", "")
        return Labelled(key, self.label(key), self.field(key))

    def _prints_due_date(self) -> bool:
        return self.shows("due_date") and self.invoice.doc_type is not DocumentType.DELIVERY_NOTE

    # Seller

    def seller_name(self) -> str:
        """The seller's legal name."""
        return self.field("seller_name")

    def address(self) -> list[str]:
        """Street, city and perhaps country of the seller."""
        lines = [str(self.seller.party.street), self.seller.city_line()]
        return [*lines, self.seller.country_name(self.language)] if self.shows("country") else lines

    def contact(self) -> list[str]:
        """Telephone, fax, e-mail and web site, as the supplier prints them."""
        parts = []
        for habit, value in (("phone", self.seller.phone), ("fax", self.seller.fax)):
            if self.shows(habit):
                parts.append(f"{self.tag(habit)} {value}")
        parts += [self.seller.email] if self.shows("email") else []
        return [*parts, self.seller.website] if self.shows("website") else parts

    def seller_ids(self) -> list[Labelled]:
        """VAT id, SIRET, SIREN."""
        names = ["seller_vat_id"]
        names += ["seller_siret"] if self.shows("siret") else []
        names += ["seller_siren"] if self.shows("siren") else []
        return [Labelled(name, self.label(name), self.field(name)) for name in names if self.has(name)]

    def legal_line(self, ids: bool = True) -> str:
        """Legal form and capital, register, and the identifiers, as they stand at the foot of a page."""
        parts = [self.capital(), self.register()]
        parts += [f"{row.label}{self.style.label_end} {row.value}" for row in self.seller_ids()] if ids else []
        return texts_joined(parts)

    def capital(self) -> str:
        """'SARL au capital de 10 000 €'."""
        pattern = str(self.texts["capital"][self.language])
        if not pattern or not self.shows("capital") or self.style.layout.sole_trader:
            return ""
        amount = self.style.notation.number(Decimal(self.seller.capital), 0)
        return pattern.format(form=self.seller.legal_form, amount=amount)

    def register(self) -> str:
        """The entry in the register of companies; in France it holds the SIREN."""
        if not self.shows("register") or self.style.layout.sole_trader:
            return ""
        company, number = self.seller, self.seller.register_number
        siren = grouped(company.party.siren, 3) if company.party.siren else ""
        if siren:
            self.printed.add(FieldName.SELLER_SIREN)
        registers: dict[str, str] = self.texts["register"]
        pattern = registers.get(f"{company.country}-{self.language}") or registers[company.country]
        return pattern.format(
            city=company.party.city,
            siren=siren,
            number=number,
            number8=f"0{number}{number[0]}",
            ein=f"{number[:2]}-{number[2:]}{number[1:4]}",
        )

    # Buyer

    def buyer_lines(self) -> list[str]:
        """The buyer's name and address."""
        lines = [self.field("buyer_name"), str(self.buyer.party.street), self.buyer.city_line()]
        abroad = self.buyer.country != self.seller.country
        return [*lines, self.buyer.country_name(self.language)] if abroad else lines

    def buyer_vat(self) -> list[Labelled]:
        """The buyer's VAT id, near the seller's on many papers; always with reverse charge."""
        needed = any(row.category in {"AE", "K"} for row in self.invoice.vat_breakdown)
        if not self.has("buyer_vat_id") or not (needed or self.shows("buyer_vat")):
            return []
        return [Labelled("buyer_vat_id", self.label("buyer_vat_id"), self.field("buyer_vat_id"))]

    def ship_to(self) -> list[str]:
        """Name and address the goods went to, when the supplier prints one."""
        place = self.remarks.ship_to
        return [place.name, str(place.party.street), place.city_line()] if place else []

    # Payment and notes

    def bank(self) -> list[Labelled]:
        """Bank, IBAN and BIC to pay to."""
        if not self.has("iban") or not (self.shows("bank") or self.remarks.factor) or not self._has_prices():
            return []
        rows = [Labelled("iban", self.label("iban"), self.field("iban"))]
        if self.shows("bic"):
            rows.append(Labelled("bic", self.label("bic"), self.field("bic")))
        if not self.remarks.factor and self.seller.account:
            rows.insert(0, Labelled("bank", self.label("bank"), self.seller.account.bank))
        return rows

    def terms(self) -> str:
        """The payment terms in words."""
        return self.remarks.terms if self.shows("terms") and self._has_prices() else ""

    def notes(self) -> list[str]:
        """Sentences under the totals: exemption, factor, direct debit, discount, balance, legal mentions."""
        remarks, texts = self.remarks, self.texts
        notes = [remarks.exemption] if self._has_prices() else []
        if self._is_invoice():
            notes += self._money_notes()
        notes += [mention.format(city=self.seller.party.city) for mention in self.style.mentions]
        if self.shows("thanks"):
            notes.append(str(texts["thanks"][self.language]))
        return [note for note in notes if note]

    def _money_notes(self) -> list[str]:
        remarks, texts = self.remarks, self.texts
        notes = []
        if remarks.factor:
            notes.append(texts["factor"][self.language].format(factor=remarks.factor))
        if remarks.debit_account:
            due = self.date(self.invoice.due_date) if self.invoice.due_date else ""
            self.printed.add(FieldName.DUE_DATE)
            iban = grouped(remarks.debit_account.iban, 4, gap=self.style.iban_gap)
            notes.append(texts["debit"][self.language].format(date=due, iban=iban))
        if remarks.early_payment:
            percent, amount = remarks.early_payment
            notes.append(texts["early"][self.language].format(percent=self.percent(percent), amount=self.money(amount)))
        if remarks.previous_balance:
            notes.append(texts["previous_balance"][self.language].format(amount=self.money(remarks.previous_balance)))
        return notes

    def account_rows(self) -> list[list[str]]:
        """The rows of a statement or reminder: number, date, due date, amount, paid, balance; the total last."""
        issued = self.invoice.issue_date or EPOCH
        rows, total = [], ZERO
        for age, line in enumerate(self.invoice.lines[:9], 1):
            before, amount = issued - timedelta(days=age * 13), (line.net_amount or ZERO) * 12
            number = self.style.number_pattern.format(
                year=before.year, yy=before.year % 100, month=before.month, seq=400 - 7 * age
            )
            dates = [self.date(before), self.date(before + timedelta(days=self.style.terms_days))]
            rows.append([number, *dates, self.plain(amount), self.plain(ZERO), self.plain(amount)])
            total += amount
        return [*rows, [self.text("statement", "total"), "", "", "", "", self.money(total)]]

    def buyer_vat_text(self) -> str:
        """The buyer's VAT id as text, or nothing."""
        return "".join(f"{row.label}{self.style.label_end} {row.value}" for row in self.buyer_vat())
